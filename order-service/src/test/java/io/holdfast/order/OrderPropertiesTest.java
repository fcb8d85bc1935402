package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

class OrderPropertiesTest {

  @Test
  void hasDefaults() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new OrderProperties(
                new OrderProperties.Placement(2, 500, 5_000, Duration.ofSeconds(10)),
                new OrderProperties.Resend(
                    Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofMinutes(30), 200),
                new OrderProperties.Follow(
                    Duration.ofSeconds(30),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(10),
                    1_000,
                    10_000),
                new OrderProperties.Approval(Map.of()),
                new OrderProperties.Fulfilment(false)));
  }

  @Test
  void isSetByTheseNames() {
    var properties =
        bind(
            Map.ofEntries(
                Map.entry("holdfast.order.placement.writers", "1"),
                Map.entry("holdfast.order.placement.max-batch", "7"),
                Map.entry("holdfast.order.placement.queue-capacity", "8"),
                Map.entry("holdfast.order.placement.timeout", "3s"),
                Map.entry("holdfast.order.resend.first-after", "1s"),
                Map.entry("holdfast.order.resend.longest-pause", "2s"),
                Map.entry("holdfast.order.resend.longest-pause-awaiting", "12s"),
                Map.entry("holdfast.order.resend.max-batch", "9"),
                Map.entry("holdfast.order.follow.longest-wait", "4s"),
                Map.entry("holdfast.order.follow.read-every", "60ms"),
                Map.entry("holdfast.order.follow.heartbeat", "6s"),
                Map.entry("holdfast.order.follow.longest-stream", "7s"),
                Map.entry("holdfast.order.follow.max-streams", "5"),
                Map.entry("holdfast.order.follow.max-waiting", "10"),
                Map.entry("holdfast.order.approval.above-minor.EUR", "100000"),
                Map.entry("holdfast.order.fulfilment.enabled", "true")));

    assertThat(properties.placement())
        .isEqualTo(new OrderProperties.Placement(1, 7, 8, Duration.ofSeconds(3)));
    assertThat(properties.resend())
        .isEqualTo(
            new OrderProperties.Resend(
                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(12), 9));
    assertThat(properties.approval().rule().aboveMinor()).isEqualTo(Map.of("EUR", 100_000L));
    assertThat(properties.fulfilment().enabled()).isTrue();
    assertThat(properties.follow())
        .isEqualTo(
            new OrderProperties.Follow(
                Duration.ofSeconds(4),
                Duration.ofMillis(60),
                Duration.ofSeconds(6),
                Duration.ofSeconds(7),
                5,
                10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "placement.timeout",
        "resend.first-after",
        "resend.longest-pause",
        "resend.longest-pause-awaiting",
        "follow.read-every",
        "follow.heartbeat",
        "follow.longest-stream"
      })
  void noPauseIsSoShortThatALoopWouldNeverRest(String name) {
    assertThatThrownBy(() -> validated(Map.of("holdfast.order." + name, "0s")))
        .isInstanceOf(BindException.class);
    assertThat(validated(Map.of("holdfast.order." + name, "1s"))).isNotNull();
  }

  @Test
  void whoMayWaitMayBeToldNotTo() {
    assertThat(validated(Map.of("holdfast.order.follow.longest-wait", "0s")).follow().longestWait())
        .isZero();
    assertThatThrownBy(() -> validated(Map.of("holdfast.order.follow.longest-wait", "-1s")))
        .isInstanceOf(BindException.class);
  }

  private static OrderProperties validated(Map<String, String> values) {
    var validator = new LocalValidatorFactoryBean();
    validator.afterPropertiesSet();
    try (validator) {
      return new Binder(new MapConfigurationPropertySource(values))
          .bindOrCreate(
              "holdfast.order",
              Bindable.of(OrderProperties.class),
              new ValidationBindHandler(validator));
    }
  }

  private static OrderProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("holdfast.order", OrderProperties.class);
  }
}
