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
                new OrderProperties.Resend(Duration.ofSeconds(30), Duration.ofMinutes(5), 200),
                new OrderProperties.Follow(
                    Duration.ofSeconds(30),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(10),
                    1_000,
                    10_000)));
  }

  @Test
  void isSetByTheseNames() {
    var properties =
        bind(
            Map.of(
                "holdfast.order.placement.writers", "1",
                "holdfast.order.placement.max-batch", "7",
                "holdfast.order.placement.queue-capacity", "8",
                "holdfast.order.placement.timeout", "3s",
                "holdfast.order.resend.first-after", "1s",
                "holdfast.order.resend.longest-pause", "2s",
                "holdfast.order.resend.max-batch", "9",
                "holdfast.order.follow.longest-wait", "4s",
                "holdfast.order.follow.max-streams", "5"));

    assertThat(properties.placement())
        .isEqualTo(new OrderProperties.Placement(1, 7, 8, Duration.ofSeconds(3)));
    assertThat(properties.resend())
        .isEqualTo(new OrderProperties.Resend(Duration.ofSeconds(1), Duration.ofSeconds(2), 9));
    assertThat(properties.follow().longestWait()).isEqualTo(Duration.ofSeconds(4));
    assertThat(properties.follow().maxStreams()).isEqualTo(5);
  }

  private static OrderProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("holdfast.order", OrderProperties.class);
  }
}
