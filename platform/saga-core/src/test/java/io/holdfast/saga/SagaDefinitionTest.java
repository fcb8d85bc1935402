package io.holdfast.saga;

import static io.holdfast.saga.Plan.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SagaDefinitionTest {

  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @Test
  void numbersStepsThroughAllStages() {
    var definition =
        SagaDefinition.named("buy", String.class)
            .version(3)
            .inParallel(tcc("stock"), tcc("balance"))
            .then(pivot("card"))
            .build();

    var plan = definition.planFor(new Input("any"));

    assertThat(definition.steps())
        .extracting(Step::name)
        .containsExactly("stock", "balance", "card");
    assertThat(definition.version()).isEqualTo(3);
    assertThat(plan.stageCount()).isEqualTo(2);
    assertThat(plan.activeIn(0)).isEqualTo(steps(0, 1));
    assertThat(plan.activeIn(1)).isEqualTo(steps(2));
    assertThat(plan.pivot()).isEqualTo(steps(2));
  }

  @Test
  void leavesOutStepsWhoseConditionDoesNotHold() {
    var definition =
        SagaDefinition.named("buy", String.class)
            .inParallel(tcc("stock").when(data -> data.input().contains("stock")), tcc("balance"))
            .then(tcc("card").when(data -> data.input().contains("card")))
            .build();

    var plan = definition.planFor(new Input("stock"));

    assertThat(plan.activeIn(0)).isEqualTo(steps(0, 1));
    assertThat(plan.activeIn(1)).isEqualTo(Steps.NONE);
    assertThat(plan.pivot()).isEqualTo(Steps.NONE);
    assertThat(definition.planFor(new Input("card")).activeIn(0)).isEqualTo(steps(1));
  }

  @Test
  void keepsItsStagesWhateverBecomesOfTheBuilder() {
    var builder = SagaDefinition.named("buy", String.class).then(tcc("stock"));
    var definition = builder.build();

    builder.then(tcc("balance"));

    assertThat(definition.steps()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Buy", "1buy", "-buy", "buy order", "buy_order", "käufe"})
  void refusesAName(String name) {
    assertThat(faultsOf(SagaDefinition.named(name, String.class).then(tcc("stock"))))
        .containsExactly(
            "its name is not 1 to 63 of the characters a-z, 0-9 and -, starting with a letter");
  }

  @Test
  void takesANameOf63CharactersAndNoMore() {
    var longest = "a".repeat(63);

    assertThat(SagaDefinition.named(longest, String.class).then(tcc("stock")).build().name())
        .isEqualTo(longest);
    assertThat(faultsOf(SagaDefinition.named(longest + "a", String.class).then(tcc("stock"))))
        .hasSize(1);
  }

  @Test
  void refusesAVersionBelowOne() {
    assertThat(faultsOf(buy().version(0).then(tcc("stock"))))
        .containsExactly("its version is below 1");
  }

  @Test
  void refusesNoTime() {
    var fault = "deadline and confirm budget have to be longer than nothing";

    assertThat(faultsOf(buy().deadline(Duration.ZERO).then(tcc("stock")))).containsExactly(fault);
    assertThat(faultsOf(buy().confirmBudget(Duration.ofMillis(-1)).then(tcc("stock"))))
        .containsExactly(fault);
  }

  @Test
  void refusesToHaveNothingToDo() {
    var fault = "it has a stage without steps, or no stage";

    assertThat(faultsOf(buy())).containsExactly(fault);
    assertThat(faultsOf(buy().inParallel())).containsExactly(fault);
    assertThat(faultsOf(buy().then(tcc("stock")).inParallel())).containsExactly(fault);
  }

  @Test
  void refusesMoreStepsThanASetHolds() {
    var most = IntStream.range(0, Steps.MAX).mapToObj(n -> tcc("p" + n)).toList();

    assertThat(stageOf(most).build().steps()).hasSize(Steps.MAX);
    assertThat(faultsOf(stageOf(most).then(tcc("one-more"))))
        .containsExactly("it has more than 63 steps");
  }

  @Test
  void refusesTwoPivots() {
    var card = pivot("card");
    var bank = pivot("bank");

    assertThat(faultsOf(buy().then(card).then(bank)))
        .containsExactly("it has more than one pivot, and only one step can be confirmed first");
  }

  @Test
  void refusesTwoStepsOfOneName() {
    assertThat(faultsOf(buy().then(tcc("stock")).then(tcc("stock"))))
        .containsExactly("two steps are called stock");
  }

  @Test
  void refusesAHoldThatMayEndBeforeTheConfirmArrives() {
    var definition =
        buy()
            .deadline(Duration.ofMinutes(4))
            .confirmBudget(Duration.ofMinutes(6))
            .then(tcc("stock"));

    assertThat(faultsOf(definition))
        .containsExactly(
            "stock keeps a reservation for PT10M, which is not longer than deadline and confirm"
                + " budget together, PT10M");
    assertThat(definition.deadline(Duration.ofMinutes(4).minusMillis(1)).build().steps())
        .hasSize(1);
  }

  @Test
  void retriableStagesComeAfterTheDecision() {
    var definition = buy().then(tcc("stock")).then(pivot("card")).then(retriable("parcel")).build();

    var plan = definition.planFor(new Input("any"));

    assertThat(plan.decisionStage()).isEqualTo(2);
    assertThat(plan.stageCount()).isEqualTo(3);
    assertThat(plan.activeIn(2)).isEqualTo(steps(2));
    assertThat(buy().then(tcc("stock")).build().planFor(new Input("any")).decisionStage())
        .isEqualTo(1);
  }

  @Test
  void knowsWhatIsAwaited() {
    var approval = Step.<String>await("approval", TEN_MINUTES);
    var definition =
        buy().then(approval.when(data -> data.input().equals("dear"))).then(tcc("stock")).build();

    assertThat(definition.planFor(new Input("dear")).awaited()).isEqualTo(steps(0));
    assertThat(definition.planFor(new Input("dear")).activeIn(0)).isEqualTo(steps(0));
    assertThat(definition.planFor(new Input("cheap")).activeIn(0)).isEqualTo(Steps.NONE);
    assertThat(definition.awaitedIn(new SagaState.Trying(0, steps(0), Steps.NONE)))
        .map(Step.Awaited::limit)
        .contains(TEN_MINUTES);
    assertThat(definition.awaitedIn(new SagaState.Trying(1, steps(1), Steps.NONE))).isEmpty();
    assertThat(definition.awaitedIn(new SagaState.Confirming(steps(0)))).isEmpty();
  }

  @Test
  void refusesAnAwaitThatIsNotAlone() {
    assertThat(faultsOf(buy().inParallel(Step.await("approval", TEN_MINUTES), tcc("stock"))))
        .containsExactly("approval is awaited and not alone in its stage");
  }

  @Test
  void refusesAnAwaitWithOrAfterThePivot() {
    assertThat(faultsOf(buy().then(pivot("card")).then(Step.await("approval", TEN_MINUTES))))
        .contains("approval is awaited with or after the pivot");
  }

  @Test
  void refusesAnAwaitOfNoTime() {
    assertThat(faultsOf(buy().then(Step.await("approval", Duration.ZERO)).then(tcc("stock"))))
        .containsExactly("approval is awaited for no time at all");
  }

  @Test
  void refusesAStepThatComesWithOrAfterARetriableOne() {
    assertThat(
            faultsOf(
                buy()
                    .inParallel(retriable("parcel"), tcc("stock"))
                    .then(compensable("picking"))
                    .then(Step.await("approval", Duration.ofMinutes(1)))))
        .containsExactly(
            "stock comes with or after a retriable step, which is asked when all others have"
                + " confirmed",
            "picking comes with or after a retriable step, which is asked when all others have"
                + " confirmed",
            "approval comes with or after a retriable step, which is asked when all others have"
                + " confirmed");
  }

  @Test
  void holdOutlivesEveryAwaitAfterIt() {
    var minute = Duration.ofMinutes(1);
    var early =
        buy()
            .deadline(minute)
            .confirmBudget(minute)
            .then(tcc("stock"))
            .then(Step.await("approval", Duration.ofMinutes(7)));
    var late =
        buy()
            .deadline(minute)
            .confirmBudget(minute)
            .then(Step.await("approval", Duration.ofMinutes(7)))
            .then(tcc("stock"));

    assertThat(faultsOf(early))
        .containsExactly(
            "stock keeps a reservation for PT10M, which is not longer than deadline, each await"
                + " after it with a new deadline, and confirm budget together, PT10M");
    assertThat(late.build().steps()).hasSize(2);
  }

  @Test
  void retriableStepMayHoldForAnyTime() {
    var definition =
        buy().deadline(Duration.ofDays(1)).then(Step.retriable(participant("parcel"), d -> "any"));

    assertThat(definition.build().steps()).hasSize(1);
  }

  @Test
  void namesAllFaultsAtOnce() {
    var definition =
        SagaDefinition.named("Buy", String.class)
            .version(-1)
            .deadline(Duration.ZERO)
            .confirmBudget(TEN_MINUTES)
            .inParallel(pivot("card"), pivot("card"))
            .inParallel();

    assertThatExceptionOfType(InvalidDefinition.class)
        .isThrownBy(definition::build)
        .withMessageStartingWith("saga definition Buy cannot be right: its name")
        .satisfies(invalid -> assertThat(invalid.faults()).hasSize(8));
  }

  private static List<String> faultsOf(SagaDefinition.Builder<String> builder) {
    try {
      var built = builder.build();
      throw new AssertionError("was not refused: " + built);
    } catch (InvalidDefinition invalid) {
      return invalid.faults();
    }
  }

  private static SagaDefinition.Builder<String> buy() {
    return SagaDefinition.named("buy", String.class);
  }

  private static SagaDefinition.Builder<String> stageOf(List<Step<String>> steps) {
    var builder = buy();
    steps.forEach(builder::then);
    return builder;
  }

  private static Step<String> tcc(String name) {
    return Step.tcc(participant(name), SagaData::input);
  }

  private static Step<String> pivot(String name) {
    return Step.pivot(participant(name), SagaData::input);
  }

  private static Step<String> compensable(String name) {
    return Step.compensable(participant(name), SagaData::input);
  }

  private static Step<String> retriable(String name) {
    return Step.retriable(participant(name), SagaData::input);
  }

  private static ParticipantContract<String> participant(String name) {
    return new ParticipantContract<>(
        name, "commands", "replies", "try", "confirm", "cancel", String.class, TEN_MINUTES);
  }

  private record Input(String input) implements SagaData<String> {

    @Override
    public <R> Optional<R> answer(ParticipantContract<?> participant, Class<R> type) {
      return Optional.empty();
    }
  }
}
