package io.holdfast.embedded;

import java.nio.file.Path;

/**
 * Where an {@link EmbeddedKafka} runs.
 *
 * @param dataDirectory folder of its data, made if missing and kept; one running broker at a time
 * @param port port for clients on 127.0.0.1; 0 for any free one
 * @param controllerPort port on 127.0.0.1 that only the broker itself uses; 0 for any free one
 */
public record EmbeddedKafkaSettings(Path dataDirectory, int port, int controllerPort) {

  /** The property that a message about a taken client port names. */
  public static final String PORT_PROPERTY = "holdfast.kafka.port";

  /** The property that a message about a taken controller port names. */
  public static final String CONTROLLER_PORT_PROPERTY = "holdfast.kafka.controller-port";

  /** Free ports. */
  public static EmbeddedKafkaSettings in(Path dataDirectory) {
    return new EmbeddedKafkaSettings(dataDirectory, 0, 0);
  }
}
