package dev.sparktune.jobs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.sparktune.jobs", importOptions = DoNotIncludeTests.class)
class JobsArchitectureTest {
    @ArchTest
    static final ArchRule WHAT_JOBS_SHARE_KNOWS_NO_JOB = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.sparktune.jobs.settings..", "dev.sparktune.jobs.run..", "dev.sparktune.jobs.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sparktune.jobs",
                    "dev.sparktune.jobs.prepare..",
                    "dev.sparktune.jobs.train..",
                    "dev.sparktune.jobs.evaluate..",
                    "dev.sparktune.jobs.generate..",
                    "dev.sparktune.jobs.templates..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule TEMPLATES_START_WITHOUT_SPARK = noClasses()
            .that()
            .resideInAPackage("dev.sparktune.jobs.templates")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark..");

    @ArchTest
    static final ArchRule THE_EXCHANGE_KNOWS_NO_SPARK_AND_NOTHING_ELSE_OF_THE_JOBS = noClasses()
            .that()
            .resideInAPackage("dev.sparktune.jobs.exchange")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark..")
            .orShould()
            .dependOnClassesThat(
                    resideInAPackage("dev.sparktune.jobs..").and(not(resideInAPackage("dev.sparktune.jobs.exchange"))));

    @ArchTest
    static final ArchRule A_CLASS_IS_NAMED_AFTER_WHAT_IT_DOES = noClasses()
            .should()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .allowEmptyShould(true);
}
