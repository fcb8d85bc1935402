package io.holdfast.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ProblemCode;
import io.holdfast.contracts.Reason;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-X4")
class ProblemTextsTest {

  private final Locale machine = Locale.getDefault();

  /** The language of the machine must not show. */
  @BeforeEach
  void speakAnotherLanguage() {
    Locale.setDefault(Locale.SIMPLIFIED_CHINESE);
  }

  @AfterEach
  void speakTheMachinesLanguage() {
    Locale.setDefault(machine);
  }

  private enum ShopCode implements ProblemCode {
    CLOSED_TODAY(409),
    NEVER_TRANSLATED(409);

    private final int status;

    ShopCode(int status) {
      this.status = status;
    }

    @Override
    public int status() {
      return status;
    }
  }

  private static ProblemTexts texts(String... bundles) {
    return new ProblemTexts(new WebAutoConfiguration().messageSource(List.of(bundles)));
  }

  @Test
  void namesTheValuesInTheLanguageOfTheCaller() {
    var problem = Problem.ofField(Code.CART_FULL, "sku", 1_000);

    assertThat(texts().of(problem, Locale.ENGLISH).getDetail())
        .isEqualTo("A cart has at most 1000 items: remove one, or order what is in it first.");
    assertThat(texts().of(problem, Locale.CHINESE).getDetail())
        .isEqualTo("购物车最多 1000 项：请移除一项，或先下单。");
    assertThat(texts().of(problem, Locale.CHINESE).getTitle()).isEqualTo("购物车已满");
  }

  @Test
  void aRuleSpeaksTheLanguageOfTheSentenceAroundIt() {
    var problem = Problem.invalid("to", Rule.AT_MOST_DAYS_AFTER, "from", 31);

    assertThat(texts().of(problem, Locale.ENGLISH).getDetail())
        .isEqualTo("to must be at most 31 days after from");
    assertThat(texts().of(problem, Locale.CHINESE).getDetail()).isEqualTo("to 最多只能比 from 晚 31 天");
  }

  @Test
  void whatTheCallerWroteIsNotReadAsAPattern() {
    var problem = Problem.of(Code.UNKNOWN_SKU, "{0} it's ${1}");

    assertThat(texts().of(problem, Locale.ENGLISH).getDetail()).contains("{0} it's ${1}");
  }

  @Test
  void whatAFieldNamesAndIsNotThereIsUnprocessable() {
    assertThat(texts().of(Problem.of(Code.UNKNOWN_SKU, "PEN"), Locale.ENGLISH).getStatus())
        .isEqualTo(404);
    assertThat(
            texts().of(Problem.ofField(Code.UNKNOWN_SKU, "sku", "PEN"), Locale.ENGLISH).getStatus())
        .isEqualTo(422);
    assertThat(
            texts()
                .of(Problem.ofField(Code.STOCK_PROMISED, "limit", "PEN"), Locale.ENGLISH)
                .getStatus())
        .isEqualTo(409);
  }

  @Test
  void aServiceAddsABundleOfItsOwn() {
    var texts = texts("io/holdfast/web/shop");
    var problem = Problem.of(ShopCode.CLOSED_TODAY, "Monday");

    assertThat(texts.of(problem, Locale.ENGLISH).getDetail())
        .isEqualTo("Closed on Monday: come back.");
    assertThat(texts.of(problem, Locale.CHINESE).getTitle()).isEqualTo("今日休息");
    assertThat(texts.of(Problem.of(Code.CART_EMPTY), Locale.CHINESE).getTitle()).isEqualTo("购物车为空");
  }

  @Test
  void aCodeWithoutTextsIsShownAsItIs() {
    var detail = texts().of(Problem.of(ShopCode.NEVER_TRANSLATED, "x"), Locale.CHINESE);

    assertThat(detail.getTitle()).isEqualTo("NEVER_TRANSLATED");
    assertThat(detail.getDetail()).contains("x");
  }

  @Test
  void aReasonThatIsNotInTheCatalogueKeepsItsSentence() {
    var known = Reason.of(Code.INSUFFICIENT_STOCK, "insufficient stock: PEN");
    var unknown = new Reason("SOLD_OUT", "sold out: Oslo");

    assertThat(texts().title(known, Locale.CHINESE)).isEqualTo("库存不足");
    assertThat(texts().title(known, Locale.ENGLISH)).isEqualTo("The stock is not sufficient");
    assertThat(texts().title(unknown, Locale.CHINESE)).isEqualTo("sold out: Oslo");
  }
}
