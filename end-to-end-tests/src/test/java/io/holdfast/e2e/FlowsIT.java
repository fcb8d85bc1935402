package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.messaging.UuidV7;
import io.holdfast.quickstart.HttpJson;
import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Money that comes in and goes out apart from orders, through all services. */
@TestInstance(Lifecycle.PER_CLASS)
class FlowsIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String CARD = "pm_card_visa";

  private final HttpJson http = new HttpJson();
  private Platform platform;
  private Shop shop;
  private Books books;

  @BeforeAll
  void start(@TempDir Path data) {
    platform = TestPlatform.start(data);
    shop = new Shop(platform);
    books = new Books(platform);
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @AfterEach
  void theBooksBalance() {
    books.balance(SOON);
  }

  @Test
  @Tag("R-P3")
  void aTopUpsMoneyArrivesInTheWalletOnce() {
    var wallet = UuidV7.next();
    var topUp =
        Map.of(
            "topUpId",
            UuidV7.next(),
            "walletId",
            wallet,
            "amountMinor",
            30_00,
            "currency",
            Shop.CURRENCY,
            "paymentMethod",
            CARD);

    http.post(url(Service.PAYMENT_SERVICE, "/top-ups"), topUp);
    http.post(url(Service.PAYMENT_SERVICE, "/top-ups"), topUp);

    Awaitility.await("the money")
        .atMost(SOON)
        .until(() -> shop.wallet(wallet).get("availableMinor").asLong() == 30_00);
  }

  @Test
  @Tag("R-W3")
  void anApprovedWithdrawalIsPaidOutAndARejectedOneComesBack() {
    var customer = shop.customer(100_00);
    var paid = withdraw(customer, 40_00);
    var rejected = withdraw(customer, 25_00);
    assertThat(shop.wallet(customer).get("heldMinor").asLong()).isEqualTo(65_00);

    http.post(url(Service.WALLET_SERVICE, "/withdrawals/" + paid + "/approve"), Map.of());
    http.post(
        url(Service.WALLET_SERVICE, "/withdrawals/" + rejected + "/reject"),
        Map.of("reason", "unknown account"));

    Awaitility.await("the payout")
        .atMost(SOON)
        .until(
            () ->
                http.get(url(Service.WALLET_SERVICE, "/withdrawals/" + paid))
                    .get("state")
                    .asString()
                    .equals("PAID"));
    var wallet = shop.wallet(customer);
    assertThat(wallet.get("availableMinor").asLong()).isEqualTo(60_00);
    assertThat(wallet.get("heldMinor").asLong()).isZero();
    assertThat(wallet.get("withdrawnMinor").asLong()).isEqualTo(40_00);
  }

  private UUID withdraw(UUID customer, long amountMinor) {
    var id = UuidV7.next();
    http.post(
        url(Service.WALLET_SERVICE, "/wallets/" + customer + "/withdrawals"),
        Map.of(
            "withdrawalId",
            id,
            "amountMinor",
            amountMinor,
            "currency",
            Shop.CURRENCY,
            "destination",
            "ba_1"));
    return id;
  }

  private String url(Service service, String path) {
    return platform.url(service) + path;
  }
}
