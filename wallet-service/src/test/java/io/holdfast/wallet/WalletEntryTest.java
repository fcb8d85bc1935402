package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.wallet.WalletEntry.Operation;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("R-W8")
class WalletEntryTest {

  private static final UUID ID = new UUID(1, 1);

  @ParameterizedTest
  @EnumSource(Operation.class)
  void everyOperationConservesMoney(Operation operation) {
    var change = WalletChange.of(new WalletEntry(ID, operation, ID, 7));

    assertThat(change.available() + change.held() + change.spent() + change.withdrawn())
        .isEqualTo(change.credited() + change.refunded());
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"VOUCHER_HOLD", "VOUCHER_CONFIRM", "VOUCHER_CANCEL"})
  void vouchersDoNotTouchTheWalletsMoney(Operation operation) {
    assertThat(WalletChange.of(new WalletEntry(ID, operation, ID, 7)).isNothing()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"HOLD", "WITHDRAWAL_HOLD"})
  void whatIsHeldComesFromWhatIsAvailable(Operation operation) {
    var wallet = new Wallet(ID, "EUR", 10, 0, 0, 0, 10, 0);

    var after = wallet.plus(new WalletEntry(ID, operation, ID, 7));

    assertThat(after).isEqualTo(new Wallet(ID, "EUR", 3, 7, 0, 0, 10, 0));
  }
}
