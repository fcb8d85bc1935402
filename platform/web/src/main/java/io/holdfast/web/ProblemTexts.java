package io.holdfast.web;

import io.holdfast.contracts.Reason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.ProblemDetail;

/** What problems and reasons are called, in the language of whoever reads it. */
final class ProblemTexts {

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

  String title(Reason reason, Locale language) {
    return text(reason.code() + ".title", null, reason.detail(), language);
  }

  private String text(String key, Object @Nullable [] values, String otherwise, Locale language) {
    String text = messages.getMessage(key, values, otherwise, language);
    return text == null ? otherwise : text;
  }
}
