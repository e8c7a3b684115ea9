/**
 * What a worker tells over HTTP: metrics, health, its group's jobs and machines, and the page about
 * them.
 *
 * <p>Start with {@link dev.spate.web.WebServer}, which is given an {@link dev.spate.web.Api} to
 * tell of. There is a class of routes for each resource; {@code openapi.json} describes them all.
 * Everything can be read by whoever reaches the port; only who has the token can change something;
 * the port is on loopback unless configured otherwise.
 *
 * <p>Knows nothing of Kafka, EC2, SSH or Micrometer: what it shows is handed to it. Requests run on
 * virtual threads, which may wait for their own client and for nobody else's; flooding them does
 * not slow the engine, which shares nothing with them but what it hands out.
 */
@NullMarked
package dev.spate.web;

import org.jspecify.annotations.NullMarked;
