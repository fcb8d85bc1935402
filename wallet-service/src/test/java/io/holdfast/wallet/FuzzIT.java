package io.holdfast.wallet;

import io.holdfast.messaging.UuidV7;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.web.testing.Fuzz;
import io.holdfast.web.testing.ServiceApi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** No request, however wrong, is answered with anything but a success or a problem. */
@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-X4")
class FuzzIT {

  private static final int MIXTURES = 1_500;

  @Autowired private ApplicationContext context;
  private Fuzz fuzz;

  @BeforeEach
  void know() {
    var api = ServiceApi.of(context);
    var http = new WalletHttp(api.port());
    var wallet = UuidV7.next();
    var withdrawal = UuidV7.next();
    http.post(
            "/wallets/" + wallet + "/credits",
            "{\"amountMinor\":100000,\"currency\":\"EUR\",\"reference\":\"fuzz-" + wallet + "\"}")
        .ok();
    http.post("/wallets/" + wallet + "/withdrawals", withdrawal(withdrawal.toString())).ok();
    String hold =
        http.post(
                "/wallets/" + wallet + "/holds",
                """
                {"reference": "fuzz-first", "amountMinor": 10, "currency": "EUR", "expiresInSeconds": 600}
                """)
            .ok()
            .json()
            .path("holdId")
            .asString();
    fuzz =
        Fuzz.of(api.port(), api.document())
            .knowing("walletId", wallet.toString())
            .knowing("withdrawalId", withdrawal.toString())
            .knowing("service", "sms")
            .knowing("holdId", hold)
            .knowingBody(
                "POST /wallets/{walletId}/holds",
                """
                {"reference": "fuzz-FRESH", "amountMinor": 1, "currency": "EUR", "expiresInSeconds": 600}
                """)
            .knowingBody(
                "POST /wallets/{walletId}/credits",
                "{\"amountMinor\":1,\"currency\":\"EUR\",\"reference\":\"fuzz-FRESH\"}")
            .knowingBody(
                "POST /wallets/{walletId}/charges",
                "{\"reference\":\"fuzz-FRESH\",\"service\":\"sms\",\"units\":1}")
            .knowingBody(
                "POST /wallets/{walletId}/withdrawals", withdrawal("0197c2f3-6d10-7f3a-9b2e-FRESH"))
            .knowingBody(
                "POST /vouchers",
                """
                {"code": "FUZZ-9-FRESH", "amountMinor": 500, "currency": "EUR", "uses": 1, "minimumMinor": 0,
                 "expiresAt": "2030-01-01T00:00:00Z"}
                """);
  }

  private static String withdrawal(String id) {
    return "{\"withdrawalId\":\"%s\",\"amountMinor\":1,\"currency\":\"EUR\",\"destination\":\"ba_1\"}"
        .formatted(id);
  }

  @Test
  void everyOddityIsAnsweredWithAProblem() {
    fuzz.everyOddity().assertNoFailures();
  }

  @ParameterizedTest
  @MethodSource("io.holdfast.web.testing.Fuzz#seeds")
  void mixturesOfThemToo(long seed) {
    fuzz.mixtures(seed, MIXTURES).assertNoFailures();
  }
}
