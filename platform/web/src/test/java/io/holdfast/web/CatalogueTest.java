package io.holdfast.web;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Code;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Every code that a service says has its texts, in every language, and there are no others. */
@Tag("R-X4")
@TestInstance(Lifecycle.PER_CLASS)
class CatalogueTest {

  private static final Pattern USED_CODE = Pattern.compile("\\bCode\\.([A-Z][A-Z0-9_]+)\\b");
  private static final Pattern USED_RULE = Pattern.compile("\\bRule\\.([A-Z][A-Z0-9_]+)\\b");

  /** A code as a text, where one is made or compared. */
  private static final Pattern SPELT =
      Pattern.compile(
          "((?:new Reason|Reason\\.of|Problem\\.\\w+|[rR]efused|code\\(\\)\\.equals)\\(\\s*\"[A-Z][A-Z0-9_]+\")");

  private static final Pattern STATIC_IMPORT =
      Pattern.compile("(import static io\\.holdfast\\.(?:contracts\\.Code|web\\.Rule)\\.)");

  /** A regular expression is no sentence. */
  private static final Pattern SAYS_NO_RULE =
      Pattern.compile("(@Pattern\\((?:(?!message)[^)])*\\))");

  /** A sentence in one language, where the key of one is meant. */
  private static final Pattern SPELT_RULE =
      Pattern.compile("(message = \"[^\"]*\"|Problem\\.invalid\\(\\s*\"[^\"]*\",\\s*\")");

  private Sources sources = new Sources(Map.of());

  @BeforeAll
  void readSources() throws IOException {
    sources = Sources.read();
  }

  @Test
  void theSourcesOfAllModulesAreRead() {
    assertThat(sources.byFile().keySet().stream().map(file -> file.getName(0).toString()))
        .contains(
            "platform",
            "order-service",
            "inventory-service",
            "wallet-service",
            "payment-service",
            "saga-orchestrator");
  }

  @Test
  void codesAreNeverSpelt() {
    assertThat(sources.all(SPELT)).as("write Code.X, so that its texts are asked for").isEmpty();
    assertThat(sources.all(STATIC_IMPORT)).as("write Code.X, so that it is found").isEmpty();
  }

  @Test
  void rulesAreNeverSpelt() {
    assertThat(sources.ofCallers().all(SAYS_NO_RULE))
        .as("say the rule by message = Rule.X")
        .isEmpty();
    assertThat(sources.all(SPELT_RULE)).as("write Rule.X").isEmpty();
  }

  @Test
  void everyCodeIsUsed() {
    assertThat(sources.all(USED_CODE)).containsAll(names(Code.values()));
  }

  @Test
  void everyRuleIsUsed() throws IllegalAccessException {
    for (var rule : Rule.class.getDeclaredFields()) {
      String key = "rule." + rule.getName().toLowerCase(Locale.ROOT).replace('_', '-');

      assertThat(sources.all(USED_RULE)).contains(rule.getName());
      assertThat(rule.get(null)).isEqualTo("{" + key + "}");
    }
  }

  @Test
  void everyCodeAndRuleHasItsTextsInBothLanguagesAndNothingElseHas() {
    var keys = new TreeSet<String>();
    for (var code : Code.values()) {
      keys.add(code.name() + ".title");
      keys.add(code.name() + ".detail");
    }
    for (var rule : Rule.class.getDeclaredFields()) {
      keys.add("rule." + rule.getName().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    assertThat(Bundle.ENGLISH.keys()).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(Bundle.CHINESE.keys()).containsExactlyInAnyOrderElementsOf(keys);
  }

  @Test
  void aDetailHasAPlaceForEachValueOfItsCodeAndATitleHasNone() {
    for (var code : Code.values()) {
      for (var bundle : new Bundle[] {Bundle.ENGLISH, Bundle.CHINESE}) {
        assertThat(bundle.places(code.name() + ".title")).as(code.name()).isEmpty();
        assertThat(bundle.places(code.name() + ".detail"))
            .as(code.name())
            .isEqualTo(places(code.speaksOf().size()));
      }
    }
  }

  @Test
  void aRuleSpeaksOfTheSameValuesInBothLanguages() {
    for (var key : Bundle.ENGLISH.keys()) {
      var places = Bundle.ENGLISH.places(key);

      assertThat(Bundle.CHINESE.places(key)).as(key).isEqualTo(places);
      assertThat(places).as(key).isEqualTo(places(places.size()));
    }
  }

  @Test
  void noTextHasAnApostropheForMessageFormatWouldSwallowIt() {
    for (var bundle : new Bundle[] {Bundle.ENGLISH, Bundle.CHINESE}) {
      assertThat(bundle.keys())
          .allSatisfy(key -> assertThat(bundle.text(key)).isNotBlank().doesNotContain("'"));
    }
  }

  @Test
  void chineseIsChineseAndEnglishIsNot() {
    for (var key : Bundle.ENGLISH.keys()) {
      boolean isSentence = Pattern.compile("[a-z]{2}").matcher(Bundle.ENGLISH.text(key)).find();

      assertThat(Bundle.ENGLISH.text(key)).as(key).matches("\\p{ASCII}*");
      assertThat(Bundle.CHINESE.text(key).matches(".*\\p{IsHan}.*")).as(key).isEqualTo(isSentence);
    }
  }

  private static Set<String> names(Code... codes) {
    return Arrays.stream(codes).map(Code::name).collect(toCollection(TreeSet::new));
  }

  private static Set<String> places(int count) {
    return IntStream.range(0, count)
        .mapToObj(Integer::toString)
        .collect(toCollection(TreeSet::new));
  }
}
