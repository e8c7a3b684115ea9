/**
 * What a worker tells over HTTP: metrics and health.
 *
 * <p>Start with {@link dev.spate.web.WebServer}. Everything here can be read by whoever reaches the
 * port and nothing can be changed; the port is on loopback unless configured otherwise.
 *
 * <p>Knows nothing of Kafka, EC2, SSH or Micrometer: what it shows is handed to it. Requests run on
 * virtual threads; flooding them does not slow the engine, which shares nothing with them but what
 * it hands out.
 */
@NullMarked
package dev.spate.web;

import org.jspecify.annotations.NullMarked;
