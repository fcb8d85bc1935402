package io.holdfast.saga;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Keeps the core pure: same state and event, same decision, on every machine and at any time. */
final class ArchitectureTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.holdfast.saga");

  @Test
  void readsTheClassesThatItJudges() {
    assertThat(CORE).extracting(JavaClass::getSimpleName).contains("SagaMachine", "FenceMove");
    assertThat(CORE).extracting(JavaClass::getSimpleName).doesNotContain("Exploration");
  }

  @Test
  void dependsOnContractsAndTheJdkOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..", "org.jspecify..", "io.holdfast.contracts..", "io.holdfast.saga.."))
        .check(CORE);
  }

  @Test
  void touchesNoOutsideWorld() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.sql..",
                    "java.net..",
                    "java.nio..",
                    "java.util.logging..",
                    "java.util.concurrent..",
                    "java.io..")
                .and(DescribedPredicate.not(assignableTo(Exception.class)))
                .and(DescribedPredicate.not(assignableTo(java.io.Serializable.class))))
        .check(CORE);
  }

  @Test
  void knowsNoClockChanceOrThread() {
    noClasses()
        .should()
        .dependOnClassesThat(
            are(
                assignableTo(Clock.class)
                    .or(assignableTo(Random.class))
                    .or(assignableTo(RandomGenerator.class))
                    .or(assignableTo(Thread.class))))
        .orShould()
        .callMethodWhere(
            named("now", "java.time..")
                .or(named("currentTimeMillis", "java.lang"))
                .or(named("nanoTime", "java.lang"))
                .or(named("random", "java.lang"))
                .or(owned(UUID.class, "randomUUID")))
        .check(CORE);
  }

  @Test
  void dependsOnNoOrderThatTheJdkLeavesOpen() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(SagaDefinition.class.getName())
        .should()
        .dependOnClassesThat(are(assignableTo(HashMap.class).or(assignableTo(HashSet.class))))
        .check(CORE);
    noClasses()
        .should()
        .callMethodWhere(
            owned(java.util.Set.class, "of")
                .or(owned(java.util.Set.class, "copyOf"))
                .or(owned(java.util.Map.class, "of"))
                .or(owned(java.util.Map.class, "ofEntries"))
                .or(owned(java.util.Map.class, "copyOf"))
                .or(owned(java.util.stream.Collectors.class, "toSet"))
                .or(owned(java.util.stream.Collectors.class, "toMap")))
        .check(CORE);
  }

  private static DescribedPredicate<JavaAccess<?>> named(String method, String inPackage) {
    return DescribedPredicate.describe(
        inPackage + " " + method,
        access ->
            access.getName().equals(method)
                && resideInAnyPackage(inPackage).test(access.getTargetOwner()));
  }

  private static DescribedPredicate<JavaAccess<?>> owned(Class<?> owner, String method) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + method,
        access -> access.getName().equals(method) && access.getTargetOwner().isEquivalentTo(owner));
  }
}
