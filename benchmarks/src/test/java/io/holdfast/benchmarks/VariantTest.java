package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VariantTest {

  private static final int DRAWS = 20_000;

  @Test
  void oneOrderInTwentyCannotBePaid() {
    double unpayable =
        draws(Variant.UNIFORM).filter(draw -> !draw.payable()).count() / (double) DRAWS;

    assertThat(unpayable).isBetween(0.04, 0.06);
  }

  @Test
  void uniformOrdersReachEveryGoodAndHotOnesOne() {
    assertThat(draws(Variant.UNIFORM).map(Variant.Draw::goods).distinct()).hasSize(Variant.GOODS);
    assertThat(draws(Variant.HOT_SKU).map(Variant.Draw::goods).distinct()).hasSize(1);
    assertThat(draws(Variant.HOT_WALLET).map(Variant.Draw::wallet).distinct()).hasSize(1);
  }

  @Test
  void fiveLinesAreFiveGoods() {
    assertThat(draws(Variant.FIVE_LINES))
        .allSatisfy(draw -> assertThat(draw.goods()).hasSize(5).doesNotHaveDuplicates());
  }

  @Test
  void noWalletPaysWhereAllAreRefusedOrACardPays() {
    assertThat(draws(Variant.REFUSED)).noneMatch(Variant.Draw::payable);
    assertThat(draws(Variant.CARD)).noneMatch(Variant.Draw::payable);
  }

  @Test
  void eachIsFoundByItsTitle() {
    assertThat(Stream.of(Variant.values()).map(Variant::title).map(Variant::of))
        .containsExactly(Variant.values());
  }

  private static Stream<Variant.Draw> draws(Variant variant) {
    var random = new SplittableRandom(1);
    return Stream.generate(() -> variant.draw(random)).limit(DRAWS);
  }
}
