package io.holdfast.relay;

import java.util.Map;
import java.util.Properties;

/**
 * What one relay needs to know. There is one relay, and one slot, for each database.
 *
 * @param host where PostgreSQL listens
 * @param port PostgreSQL's port
 * @param database the database whose outboxes are relayed
 * @param user a role with REPLICATION that owns the schema {@code relay}
 * @param password its password
 * @param sslMode how to use TLS, in PostgreSQL's words; {@code verify-full} across a network
 * @param slot the replication slot; slots share one name space in a PostgreSQL instance, so two
 *     databases of one instance need two names
 * @param publication the publication that holds every outbox
 * @param producer the Kafka producer's settings, at least {@code bootstrap.servers}; those that
 *     delivery depends on (acks, idempotence, retries) are overruled
 */
public record RelaySettings(
    String host,
    int port,
    String database,
    String user,
    String password,
    String sslMode,
    String slot,
    String publication,
    Map<String, Object> producer) {

  public static final String DEFAULT_SLOT = "holdfast_relay";
  public static final String DEFAULT_PUBLICATION = "holdfast_outbox";

  public RelaySettings {
    producer = Map.copyOf(producer);
  }

  /** Settings with the usual slot and publication, without TLS to PostgreSQL. */
  public static RelaySettings of(
      String host, int port, String database, String user, String password, String bootstrap) {
    return new RelaySettings(
        host,
        port,
        database,
        user,
        password,
        "prefer",
        DEFAULT_SLOT,
        DEFAULT_PUBLICATION,
        Map.of("bootstrap.servers", bootstrap));
  }

  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
  }

  Properties jdbcProperties(String applicationName) {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", sslMode);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "5");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", applicationName);
    return properties;
  }

  /** Without the password, so that it can be logged. */
  @Override
  public String toString() {
    return "RelaySettings[%s as %s, slot %s]".formatted(jdbcUrl(), user, slot);
  }
}
