package io.holdfast.orchestrator.admin;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Sagas as an operator sees them. */
@RestController
@RequestMapping("/sagas")
class SagaController {

  private final SagaReader sagas;

  SagaController(SagaReader sagas) {
    this.sagas = sagas;
  }

  /** One saga with everything that happened to it. */
  @GetMapping("/{id}")
  SagaView saga(@PathVariable UUID id) {
    return sagas.find(id).orElseThrow(() -> Problem.of(Code.UNKNOWN_SAGA, id));
  }

  /**
   * Sagas, newest first.
   *
   * @param state only those in this state
   * @param after only those older than this one: the last id of the page before
   */
  @GetMapping
  List<SagaView.Summary> sagas(
      @RequestParam(required = false) SagaView.@Nullable State state,
      @RequestParam(required = false) @Nullable UUID after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return sagas.list(state, after, limit);
  }
}
