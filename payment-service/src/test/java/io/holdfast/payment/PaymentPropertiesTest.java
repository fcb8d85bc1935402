package io.holdfast.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PaymentPropertiesTest {

  private static PaymentProperties bound(Map<String, String> more) {
    var properties = new HashMap<String, String>();
    properties.put("holdfast.payment.api-base", "https://api.stripe.com");
    properties.put("holdfast.payment.api-key", "sk_live_secret");
    properties.putAll(more);
    return new Binder(new MapConfigurationPropertySource(properties))
        .bind("holdfast.payment", PaymentProperties.class)
        .get();
  }

  @Test
  void defaultsAreForARealProvider() {
    var properties = bound(Map.of());

    assertThat(properties.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(properties.answerTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(properties.lease()).isEqualTo(Duration.ofSeconds(30));
    assertThat(properties.parallelCalls()).isEqualTo(32);
    assertThat(properties.firstRetryAfter()).isEqualTo(Duration.ofMillis(200));
    assertThat(properties.lastRetryAfter()).isEqualTo(Duration.ofSeconds(30));
    assertThat(properties.absenceCertainAfter()).isEqualTo(Duration.ofMinutes(2));
    assertThat(properties.sandbox().enabled()).isFalse();
    assertThat(properties.webhook().secrets()).isEmpty();
    assertThat(properties.webhook().tolerance()).isEqualTo(Duration.ofMinutes(5));
    assertThat(properties.reconciliation().daily()).isTrue();
  }

  @Test
  void refusesALeaseThatACallOutlives() {
    assertThatThrownBy(() -> bound(Map.of("holdfast.payment.lease", "12s")))
        .rootCause()
        .hasMessageContaining("holdfast.payment.lease");
  }

  @Test
  void refusesToTakeASlowPaymentAsAbsent() {
    assertThatThrownBy(() -> bound(Map.of("holdfast.payment.absence-certain-after", "10s")))
        .rootCause()
        .hasMessageContaining("holdfast.payment.absence-certain-after");
  }

  @Test
  @Tag("R-P6")
  void refusesTheSecretThatEverybodyKnowsOutsideOfTheSandbox() {
    assertThatThrownBy(
            () -> bound(Map.of("holdfast.payment.webhook.secrets", "whsec_mine,whsec_sandbox")))
        .rootCause()
        .hasMessageContaining("holdfast.payment.webhook.secrets");
  }

  @Test
  void refusesALiveKeyInTheSandbox() {
    assertThatThrownBy(() -> bound(Map.of("holdfast.payment.sandbox.enabled", "true")))
        .rootCause()
        .hasMessageContaining("live key");
  }

  @Test
  void doesNotShowTheKey() {
    var properties = bound(Map.of("holdfast.payment.webhook.secrets", "whsec_secret"));

    assertThat(properties.toString()).doesNotContain("secret_").doesNotContain("_secret");
    assertThat(properties.webhook().toString()).doesNotContain("whsec_");
  }
}
