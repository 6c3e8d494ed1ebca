package dev.sparktune.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.testing.Shared;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chat templates as models publish them, through transformers and through ours. */
class ChatTemplateIT {
    @Test
    void rendersTheTemplateOfSmolLmAsTransformersDoes() {
        Path model = Shared.require("models/smollm2-135m-instruct");
        Path script = ProjectRoot.resolve("scripts/reference/chat_templates.py");

        List<ChatReference> references = ChatReference.of(PythonEnv.run(script, model));

        assertThat(references).hasSizeGreaterThan(15);
        references.forEach(reference -> reference.check(reference.source()));
    }
}
