/**
 * Reads the configuration: a file, the environment, the defaults; one validated record for each
 * component.
 *
 * <p>Start with {@link dev.spate.config.Sources}. Reading is declaring: a key exists because
 * something here reads it, so the keys that exist, their defaults and their variables are known
 * from one place. All mistakes are found at once. Secrets are read and handed on, never printed.
 *
 * <p>Knows the components' settings records and nothing else of them. No threads, no state.
 */
@NullMarked
package dev.spate.config;

import org.jspecify.annotations.NullMarked;
