/**
 * PostgreSQL and a Kafka broker for one machine: started, stopped and killed from Java, their data
 * kept in a folder; used by the quickstart and by every test that needs a real server.
 */
@NullMarked
package io.holdfast.embedded;

import org.jspecify.annotations.NullMarked;
