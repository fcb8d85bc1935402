package io.holdfast.wallet;

import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.TopUpSucceeded;
import io.holdfast.messaging.BatchHandler;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.InvalidMessage;
import io.holdfast.messaging.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Credits what top-ups have brought in, once each, however often it is said. What cannot be
 * credited is parked for an operator: the money is here.
 */
final class TopUpHandler implements BatchHandler {

  private final WalletStore wallets;

  TopUpHandler(WalletStore wallets) {
    this.wallets = wallets;
  }

  @Override
  public void handle(List<Envelope> batch) {
    var topUps = new ArrayList<TopUpSucceeded>();
    for (var message : batch) {
      if (message.type().equals(PaymentContract.TOP_UP_SUCCEEDED_TYPE)) {
        topUps.add(Json.read(message.body(), TopUpSucceeded.class));
      }
    }
    // In the order in which wallets are locked everywhere.
    topUps.sort(Comparator.comparing(topUp -> topUp.walletId().toString()));
    topUps.forEach(this::credit);
  }

  private void credit(TopUpSucceeded topUp) {
    var credited =
        wallets.credit(
            topUp.walletId(), topUp.topUpId().toString(), topUp.amountMinor(), topUp.currency());
    switch (credited) {
      case CREDITED -> {}
      case OTHER_AMOUNT ->
          throw new InvalidMessage(
              "top-up %s was credited with another amount before: compare it with the provider's"
                  .formatted(topUp.topUpId()));
      case OTHER_CURRENCY ->
          throw new InvalidMessage(
              "top-up %s is in %s, wallet %s is not: exchange or refund it"
                  .formatted(topUp.topUpId(), topUp.currency(), topUp.walletId()));
    }
  }
}
