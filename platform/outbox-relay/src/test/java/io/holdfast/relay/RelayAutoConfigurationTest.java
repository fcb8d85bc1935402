package io.holdfast.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RelayAutoConfigurationTest {

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(KafkaAutoConfiguration.class, RelayAutoConfiguration.class));

  @Test
  void doesNothingUnlessEnabled() {
    application.run(context -> assertThat(context).doesNotHaveBean(OutboxRelay.class));
  }

  @Test
  void defaultsFitOneMachine() {
    withDatabase()
        .run(
            context -> {
              var properties = context.getBean(RelayProperties.class);
              assertThat(properties.database().host()).isEqualTo("localhost");
              assertThat(properties.database().port()).isEqualTo(1);
              assertThat(properties.database().user()).isEqualTo("relay");
              assertThat(properties.slot()).isEqualTo("holdfast_relay");
              assertThat(properties.publication()).isEqualTo("holdfast_outbox");
              assertThat(properties.toString()).doesNotContain("secret");
            });
  }

  @Test
  void startsWithoutPostgresAndSaysSo() {
    withDatabase()
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(OutboxRelay.class).state().role())
                  .isEqualTo(RelayState.Role.DOWN);
              assertThat(context.getBean(RelayHealth.class).health().getStatus())
                  .isEqualTo(Status.DOWN);
            });
  }

  @Test
  void refusesAMissingDatabaseName() {
    application
        .withPropertyValues("holdfast.relay.enabled=true", "holdfast.relay.database.password=x")
        .run(context -> assertThat(context).hasFailed());
  }

  @Test
  void whatDeliveryDependsOnCannotBeSetOtherwise() {
    var settings =
        RowPublisher.producerSettings(
            java.util.Map.of("acks", "0", "enable.idempotence", false, "transactional.id", "t"));

    assertThat(settings)
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .doesNotContainKey("transactional.id");
  }

  // Nothing listens on port 1.
  private ApplicationContextRunner withDatabase() {
    return application.withPropertyValues(
        "holdfast.relay.enabled=true",
        "holdfast.relay.database.port=1",
        "holdfast.relay.database.name=holdfast",
        "holdfast.relay.database.password=secret");
  }
}
