package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-O6")
class ApprovalRuleTest {

  @Test
  void asksForApprovalAboveTheLimitOfTheCurrencyAndNotAtIt() {
    var rule = new ApprovalRule(Map.of("EUR", 10_000L));

    assertThat(rule.asksFor(10_001, "EUR")).isTrue();
    assertThat(rule.asksFor(10_000, "EUR")).isFalse();
    assertThat(rule.asksFor(Long.MAX_VALUE, "CHF")).isFalse();
  }

  @Test
  void isOffByDefault() {
    assertThat(new ApprovalRule(Map.of()).asksFor(Long.MAX_VALUE, "EUR")).isFalse();
  }
}
