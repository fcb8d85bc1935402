package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

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
                Map.entry("holdfast.order.resend.max-batch", "9"),
                Map.entry("holdfast.order.follow.longest-wait", "4s"),
                Map.entry("holdfast.order.follow.max-streams", "5"),
                Map.entry("holdfast.order.approval.above-minor.EUR", "100000"),
                Map.entry("holdfast.order.fulfilment.enabled", "true")));

    assertThat(properties.placement())
        .isEqualTo(new OrderProperties.Placement(1, 7, 8, Duration.ofSeconds(3)));
    assertThat(properties.resend())
        .isEqualTo(
            new OrderProperties.Resend(
                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMinutes(30), 9));
    assertThat(properties.approval().rule().aboveMinor()).isEqualTo(Map.of("EUR", 100_000L));
    assertThat(properties.fulfilment().enabled()).isTrue();
    assertThat(properties.follow().longestWait()).isEqualTo(Duration.ofSeconds(4));
    assertThat(properties.follow().maxStreams()).isEqualTo(5);
  }

  private static OrderProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("holdfast.order", OrderProperties.class);
  }
}
