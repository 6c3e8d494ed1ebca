package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The turns of a row that is a chat, which the forms for conversations keep apart. */
final class ChatTurns {
    private static final String COLUMN = "messages";

    private ChatTurns() {}

    /**
     * @param row may have a column {@code messages}, a list of {@code {role, content}}
     * @param target as rendered
     * @return null unless the target is what the assistant says last
     */
    static List<Turn> of(Map<String, Object> row, String target) {
        if (!(row.get(COLUMN) instanceof List<?> messages)) {
            return null;
        }
        List<Turn> turns = new ArrayList<>();
        for (Object message : messages) {
            if (!(message instanceof Map<?, ?> turn)
                    || !(turn.get("role") instanceof String role)
                    || !(turn.get("content") instanceof String content)) {
                return null;
            }
            turns.add(new Turn(role, content));
        }
        if (turns.size() < 2) {
            return null;
        }
        Turn last = turns.get(turns.size() - 1);
        return last.role().equals("assistant") && last.content().strip().equals(target) ? turns : null;
    }
}
