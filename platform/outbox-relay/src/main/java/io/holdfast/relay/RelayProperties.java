package io.holdfast.relay;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The relay of one database. Kafka is where {@code spring.kafka} says.
 *
 * @param enabled whether this instance takes part in relaying
 * @param database the database whose outboxes are relayed
 * @param slot the replication slot; needs another name for a second database of one instance
 * @param publication the publication that holds every outbox
 */
@Validated
@ConfigurationProperties("holdfast.relay")
public record RelayProperties(
    @DefaultValue("false") boolean enabled,
    @NotNull @Valid Database database,
    @DefaultValue(RelaySettings.DEFAULT_SLOT) @NotBlank String slot,
    @DefaultValue(RelaySettings.DEFAULT_PUBLICATION) @NotBlank String publication) {

  /**
   * How to reach PostgreSQL. Given apart from the service's own, because the relay has a role of
   * its own: it may replicate and read every outbox, and nothing else.
   *
   * @param host where PostgreSQL listens
   * @param port its port
   * @param name the database
   * @param user a role with REPLICATION that owns the schema {@code relay}
   * @param password its password
   * @param sslMode how to use TLS, in PostgreSQL's words; {@code verify-full} across a network
   */
  public record Database(
      @DefaultValue("localhost") @NotBlank String host,
      @DefaultValue("5432") @Min(1) @Max(65535) int port,
      @NotBlank String name,
      @DefaultValue("relay") @NotBlank String user,
      @NotNull String password,
      @DefaultValue("prefer") @NotBlank String sslMode) {

    /** Without the password, so that it can be logged. */
    @Override
    public String toString() {
      return "Database[%s:%d/%s as %s]".formatted(host, port, name, user);
    }
  }
}
