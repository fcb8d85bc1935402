package io.holdfast.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.LocaleResolver;

/**
 * The language of an answer: what the caller likes best of those that the texts are in, and English
 * for who likes none of them or says it in a way that is none. The language of the machine has no
 * part in it.
 */
final class AcceptedLanguage implements LocaleResolver {

  private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.CHINESE);

  static Locale of(HttpServletRequest request) {
    var header =
        String.join(",", Collections.list(request.getHeaders(HttpHeaders.ACCEPT_LANGUAGE)));
    if (header.isBlank()) {
      return Locale.ENGLISH;
    }
    try {
      var language = Locale.lookup(LanguageRange.parse(header), LANGUAGES);
      return language == null ? Locale.ENGLISH : language;
    } catch (IllegalArgumentException _) {
      return Locale.ENGLISH;
    }
  }

  @Override
  public Locale resolveLocale(HttpServletRequest request) {
    return of(request);
  }

  @Override
  public void setLocale(
      HttpServletRequest request, @Nullable HttpServletResponse response, @Nullable Locale locale) {
    throw new UnsupportedOperationException("the caller chooses the language by Accept-Language");
  }
}
