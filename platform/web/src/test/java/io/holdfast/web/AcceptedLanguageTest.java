package io.holdfast.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

@Tag("R-X4")
class AcceptedLanguageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zh                            | zh",
        "zh-CN                         | zh",
        "zh-Hans                       | zh",
        "zh-Hans-CN, en;q=0.5          | zh",
        "ZH-tw                         | zh",
        "de, zh;q=0.8, en;q=0.5        | zh",
        "en;q=0.3, zh-CN;q=0.4         | zh",
        "fr;q=0.9, *;q=0.1             | en",
        "en-GB, zh;q=0.9               | en",
        "zh;q=0, en;q=0.1              | en",
        "zh;q=0                        | en",
        "de                            | en",
        "*                             | en",
        "''                            | en",
        "zh;q=much                     | en",
        "zh_CN                         | en",
        "-,;=;,;q                      | en",
        "中文                          | en",
      })
  void isWhatTheCallerLikesBest(String header, String language) {
    var request = new MockHttpServletRequest();
    request.addHeader("Accept-Language", header);

    assertThat(AcceptedLanguage.of(request)).isEqualTo(Locale.of(language));
  }

  @Test
  void isEnglishForWhoDoesNotSay() {
    assertThat(AcceptedLanguage.of(new MockHttpServletRequest())).isEqualTo(Locale.ENGLISH);
  }

  @Test
  void severalHeadersAreOneList() {
    var request = new MockHttpServletRequest();
    request.addHeader("Accept-Language", "de");
    request.addHeader("Accept-Language", "zh");

    assertThat(AcceptedLanguage.of(request)).isEqualTo(Locale.CHINESE);
  }
}
