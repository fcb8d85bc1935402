package io.holdfast.web;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.ProblemDetail;

/** What problems and reasons are called, in the language of whoever reads it. */
public final class ProblemTexts {

  static final String BUNDLE = "io/holdfast/web/problems";

  private final MessageSource messages;

  ProblemTexts(MessageSource messages) {
    this.messages = messages;
  }

  /** Codes without texts, which other services may have, are shown as they are. */
  ProblemDetail of(Problem problem, Locale language) {
    String code = problem.code().name();
    var detail =
        ProblemDetail.forStatusAndDetail(
            problem.status(),
            text(
                code + ".detail",
                problem.values(),
                String.valueOf(problem.getMessage()),
                language));
    detail.setTitle(text(code + ".title", null, code, language));
    detail.setProperty("code", code);
    if (problem.field() != null) {
      detail.setProperty("field", problem.field());
    }
    problem.members().forEach(detail::setProperty);
    return detail;
  }

  /**
   * Why one thing of many was refused, in the language of the request that is being answered: as a
   * request for that thing alone would be told by a problem.
   *
   * @param values that the sentence of the code speaks of, in its order
   */
  public Reason reason(Code code, Object... values) {
    return Reason.of(
        code, String.valueOf(of(Problem.of(code, values), languageOfRequest()).getDetail()));
  }

  /** English outside of requests, whatever the machine speaks. */
  static Locale languageOfRequest() {
    var context = LocaleContextHolder.getLocaleContext();
    var language = context == null ? null : context.getLocale();
    return language == null ? Locale.ENGLISH : language;
  }

  String title(Reason reason, Locale language) {
    return text(reason.code() + ".title", null, reason.detail(), language);
  }

  private String text(String key, Object @Nullable [] values, String otherwise, Locale language) {
    String text = messages.getMessage(key, values, otherwise, language);
    return text == null ? otherwise : text;
  }
}
