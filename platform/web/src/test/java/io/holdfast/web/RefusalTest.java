package io.holdfast.web;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What every service refuses, whatever it does itself. */
@Tag("R-X4")
class RefusalTest {

  @RestController
  static final class Things {

    private @Nullable RuntimeException failure;

    @GetMapping("/things")
    String list(@RequestParam(required = false) @Nullable String owner) {
      if (failure != null) {
        throw failure;
      }
      return String.valueOf(owner);
    }

    @PostMapping("/things/cancel")
    String cancel(@RequestParam(required = false) @Nullable String owner) {
      return String.valueOf(owner);
    }
  }

  private final Things things = new Things();
  private final MockMvc http =
      MockMvcBuilders.standaloneSetup(things)
          .setControllerAdvice(
              new ProblemAdvice(
                  new ProblemTexts(new WebAutoConfiguration().messageSource(List.of()))))
          .addInterceptors(new KnownParameters())
          .build();

  private static RequestPostProcessor query(String text) {
    return request -> {
      request.setQueryString(text);
      return request;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"Owner=eve", "owner=eve&own%65d=1", "colour"})
  void aParameterThatNobodyKnowsIsRefusedWhereSomethingIsChangedToo(String text) throws Exception {
    http.perform(post("/things/cancel").with(query(text)))
        .andExpectAll(status().isBadRequest(), jsonPath("$.code").value("UNKNOWN_FIELD"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "owner=eve", "&own%65r=eve&"})
  void whatIsKnownIsTakenHoweverItIsWritten(String text) throws Exception {
    http.perform(post("/things/cancel").with(query(text))).andExpect(status().isOk());
  }

  @ParameterizedTest
  @ValueSource(strings = {"=eve", "%zz", "owner=eve&%"})
  void aParameterWithoutNameOrWithOneThatIsNotEncodedIsMalformed(String text) throws Exception {
    http.perform(get("/things").with(query(text)))
        .andExpectAll(status().isBadRequest(), jsonPath("$.code").value("MALFORMED_QUERY"));
  }

  /** The content type of curl, where nobody says another. */
  @Test
  void aBodyThatIsSentAsAFormIsNoQuery() throws Exception {
    http.perform(
            post("/things/cancel")
                .contentType("application/x-www-form-urlencoded")
                .content("{\"owner\":\"eve\"}"))
        .andExpect(status().isOk());
  }

  private static List<Supplier<RuntimeException>> passing() {
    return List.of(
        () -> new CannotCreateTransactionException("no connection"),
        () -> new TransactionSystemException("could not roll back"),
        () -> new CannotGetJdbcConnectionException("no connection"),
        () -> new DataAccessResourceFailureException("terminating connection"),
        () -> new QueryTimeoutException("canceling statement"));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatPassesWithTheDatabaseIsToBeSentAgain(Supplier<RuntimeException> failure)
      throws Exception {
    things.failure = failure.get();

    http.perform(get("/things"))
        .andExpectAll(
            status().isServiceUnavailable(),
            header().string("Retry-After", "1"),
            jsonPath("$.code").value("UNAVAILABLE"));
  }

  @Test
  void whatNobodyForesawIsNot() throws Exception {
    things.failure = new IllegalStateException("a bug");

    http.perform(get("/things"))
        .andExpectAll(status().isInternalServerError(), jsonPath("$.code").value("INTERNAL_ERROR"));
  }
}
