package io.holdfast.embedded;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where and how an {@link EmbeddedPostgres} runs.
 *
 * @param dataDirectory folder of its data, made if missing and kept; one running server at a time
 * @param port port on 127.0.0.1; 0 for any free one
 * @param serverSettings PostgreSQL settings on top of the defaults of {@link EmbeddedPostgres};
 *     they win
 */
public record EmbeddedPostgresSettings(
    Path dataDirectory, int port, Map<String, String> serverSettings) {

  /** The property that a message about a taken port names. */
  public static final String PORT_PROPERTY = "holdfast.postgres.port";

  public EmbeddedPostgresSettings {
    serverSettings = Map.copyOf(serverSettings);
    for (String name : serverSettings.keySet()) {
      if (!name.matches("[a-z][a-z0-9_.]*")) {
        throw new IllegalArgumentException("Not a name of a PostgreSQL setting: " + name);
      }
    }
  }

  /** A free port and no settings of its own. */
  public static EmbeddedPostgresSettings in(Path dataDirectory) {
    return new EmbeddedPostgresSettings(dataDirectory, 0, Map.of());
  }
}
