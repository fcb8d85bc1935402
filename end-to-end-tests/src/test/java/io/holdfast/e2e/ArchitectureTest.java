package io.holdfast.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Which way dependencies point, over all modules at once. */
@TestInstance(Lifecycle.PER_CLASS)
class ArchitectureTest {

  private JavaClasses holdfast;

  @BeforeAll
  void importClasses() {
    holdfast =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.holdfast");
  }

  @Test
  void servicesDoNotKnowEachOther() {
    for (String service :
        new String[] {"order", "inventory", "wallet", "payment", "orchestrator"}) {
      classes()
          .that()
          .resideInAPackage("io.holdfast." + service + "..")
          .should()
          .onlyHaveDependentClassesThat(
              resideInAPackage("io.holdfast." + service + "..")
                  .or(resideInAPackage("io.holdfast.quickstart.."))
                  .or(resideInAPackage("io.holdfast.e2e..")))
          .check(holdfast);
    }
  }

  @Test
  void theEngineKnowsNoBusiness() {
    noClasses()
        .that()
        .resideInAPackage("io.holdfast.orchestrator.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.holdfast.orchestrator.placeorder..",
            "io.holdfast.orchestrator.fulfilorder..",
            "io.holdfast.orchestrator.refundorder..",
            "io.holdfast.orchestrator.withdraw..",
            "io.holdfast.contracts.inventory..",
            "io.holdfast.contracts.wallet..",
            "io.holdfast.contracts.payment..")
        .check(holdfast);
  }

  @Test
  void contractsAndCoreKnowNoFramework() {
    noClasses()
        .that()
        .resideInAnyPackage("io.holdfast.contracts..", "io.holdfast.saga..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..", "java.sql..", "org.apache.kafka..", "tools.jackson..")
        .check(holdfast);
  }

  @Test
  void debeziumAndItsOldJacksonStayInTheRelay() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.holdfast.relay..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.debezium..", "org.apache.kafka.connect..", "com.fasterxml.jackson.databind..")
        .check(holdfast);
  }

  @Test
  void nobodyDependsOnTheRelay() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.holdfast.relay..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.holdfast.relay..")
        .check(holdfast);
  }

  @Test
  void onlyStoresAndReadersOfAServiceSpeakSql() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.holdfast.order..",
            "io.holdfast.inventory..",
            "io.holdfast.wallet..",
            "io.holdfast.payment..",
            "io.holdfast.orchestrator..")
        .and()
        .haveNameNotMatching(".*(Store|Reader|Configuration)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.springframework.jdbc..")
        .check(holdfast);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.holdfast.(**)").should().beFreeOfCycles().check(holdfast);
  }
}
