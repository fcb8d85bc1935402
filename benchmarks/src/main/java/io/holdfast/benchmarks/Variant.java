package io.holdfast.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What is asked for: which orders are placed; one in twenty cannot be paid, except where said
 * otherwise.
 */
enum Variant {
  /** One piece of one of 1,000 goods, paid by one of 10,000 wallets. */
  UNIFORM,
  /** All want the same good. */
  HOT_SKU,
  /** All are paid by the same wallet. */
  HOT_WALLET,
  /** Five goods an order. */
  FIVE_LINES,
  /** A card pays what the wallet does not have, which is all. */
  CARD,
  /** Nobody can pay. */
  REFUSED,
  /** A participant does not answer before the deadline; all could pay. */
  TIMING_OUT,
  /** None is placed: owners look at those that are stored. */
  LOOK_UP;

  static final int GOODS = 1_000;
  static final int WALLETS = 10_000;
  private static final int UNPAYABLE_ONE_IN = 20;

  /** What one order asks for, by index of wallet and goods. */
  record Draw(int wallet, boolean payable, List<Integer> goods) {}

  Draw draw(SplittableRandom random) {
    boolean payable =
        switch (this) {
          case REFUSED, CARD -> false;
          case TIMING_OUT -> true;
          case LOOK_UP -> throw new IllegalStateException("nothing is placed");
          case UNIFORM, HOT_SKU, HOT_WALLET, FIVE_LINES -> random.nextInt(UNPAYABLE_ONE_IN) > 0;
        };
    int wallet = this == HOT_WALLET ? 0 : random.nextInt(WALLETS);
    return new Draw(
        wallet,
        payable,
        switch (this) {
          case HOT_SKU -> List.of(0);
          case FIVE_LINES -> random.ints(0, GOODS).distinct().limit(5).boxed().toList();
          default -> List.of(random.nextInt(GOODS));
        });
  }

  /**
   * The one of that title.
   *
   * @throws IllegalArgumentException naming the option, if there is none
   */
  static Variant of(String title) {
    return Arrays.stream(values())
        .filter(variant -> variant.title().equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--variant=%s is not one of %s".formatted(title, names())));
  }

  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String names() {
    return Arrays.stream(values()).map(Variant::title).collect(Collectors.joining(", "));
  }
}
