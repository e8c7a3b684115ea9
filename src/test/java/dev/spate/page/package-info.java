/**
 * The page as a reader has it: in a real browser, over the real routes, with jobs that are in
 * memory. {@link dev.spate.page.Browser} speaks the DevTools protocol, so that nothing but the
 * browser itself has to be installed.
 */
@NullMarked
package dev.spate.page;

import org.jspecify.annotations.NullMarked;
