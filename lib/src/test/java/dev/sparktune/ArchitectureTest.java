package dev.sparktune;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import java.util.Map;

/** Who may know whom in lib. A new package is a new line in {@link #USES}. */
@AnalyzeClasses(packages = "dev.sparktune", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** Each package of lib, and the others of ours that it may use. */
    private static final Map<String, List<String>> USES = Map.ofEntries(
            Map.entry("template", List.of()),
            Map.entry("clean", List.of()),
            Map.entry("similar", List.of()),
            Map.entry("split", List.of()),
            Map.entry("mixture", List.of("split")),
            Map.entry("example", List.of()),
            Map.entry("token", List.of()),
            Map.entry("eval", List.of()),
            Map.entry("progress", List.of()),
            Map.entry("synthetic", List.of()),
            Map.entry("model", List.of("token")),
            Map.entry("train", List.of("model", "token", "progress")),
            Map.entry("generate", List.of("model", "token")),
            Map.entry("report", List.of("eval")));

    private static final String[] WITH_TENSORS = {
        "dev.sparktune.model..", "dev.sparktune.train..", "dev.sparktune.generate.."
    };

    @ArchTest
    static final ArchRule LIB_KNOWS_NO_SPARK =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.spark..");

    @ArchTest
    static final ArchRule TENSORS_STAY_WHERE_THE_MODEL_IS = noClasses()
            .that()
            .resideOutsideOfPackages(WITH_TENSORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..");

    @ArchTest
    static final ArchRule PACKAGES_USE_ONLY_WHAT_LIES_BELOW = layers();

    @ArchTest
    static final ArchRule EVERY_PACKAGE_HAS_ITS_PLACE = classes()
            .should()
            .resideInAnyPackage(USES.keySet().stream()
                    .map(name -> "dev.sparktune." + name + "..")
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NOTHING_OF_FILE_FORMATS = noClasses()
            .that()
            .resideInAnyPackage("dev.sparktune.model", "dev.sparktune.model.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sparktune.model.hf..");

    @ArchTest
    static final ArchRule A_CLASS_IS_NAMED_AFTER_WHAT_IT_DOES =
            noClasses().should().haveSimpleNameEndingWith("Utils").orShould().haveSimpleNameEndingWith("Util");

    private static LayeredArchitecture layers() {
        LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : USES.keySet()) {
            layers = layers.optionalLayer(name).definedBy("dev.sparktune." + name + "..");
        }
        for (Map.Entry<String, List<String>> uses : USES.entrySet()) {
            layers = uses.getValue().isEmpty()
                    ? layers.whereLayer(uses.getKey()).mayNotAccessAnyLayer()
                    : layers.whereLayer(uses.getKey())
                            .mayOnlyAccessLayers(uses.getValue().toArray(String[]::new));
        }
        return layers;
    }
}
