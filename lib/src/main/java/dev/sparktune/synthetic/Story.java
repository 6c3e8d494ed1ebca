package dev.sparktune.synthetic;

import java.util.ArrayList;
import java.util.List;

/**
 * One or two sentences about somebody who has a name and a kind: "Charlie the cat sat down next to Bella the dog."
 *
 * @param text the sentences
 * @param entities all that are named in the text, each of another kind and name
 */
record Story(String text, List<Entity> entities) {

    /**
     * @param name "Charlie"
     * @param kind "cat"
     */
    record Entity(String name, String kind) {}

    /** Whose entities are those that training text never shows. */
    static Story forEvaluation(Draws draws) {
        return draw(draws, true);
    }

    static Story forTraining(Draws draws) {
        return draw(draws, false);
    }

    /** A fifth of the pairs of name and kind: there, to know by heart who is a cat does not help. */
    static boolean isHeldOut(Entity entity) {
        return (NAMES.indexOf(entity.name()) + KINDS.indexOf(entity.kind())) % 5 == 0;
    }

    private static Story draw(Draws draws, boolean heldOut) {
        List<Entity> entities = new ArrayList<>();
        int count = 1 + draws.weighted(40, 45, 15);
        while (entities.size() < count) {
            Entity candidate = new Entity(draws.pick(NAMES), draws.pick(KINDS));
            boolean fresh = entities.stream()
                    .noneMatch(entity -> entity.name().equals(candidate.name())
                            || entity.kind().equals(candidate.kind()));
            if (fresh && isHeldOut(candidate) == heldOut) {
                entities.add(candidate);
            }
        }
        String first = mention(draws, entities.get(0));
        String text =
                switch (count) {
                    case 1 -> alone(draws, first);
                    case 2 -> together(draws, first, mention(draws, entities.get(1)));
                    default ->
                        together(draws, first, mention(draws, entities.get(1)))
                                + " "
                                + Opinions.capitalized(alone(draws, mention(draws, entities.get(2))));
                };
        return new Story(Opinions.capitalized(text), List.copyOf(entities));
    }

    private static String alone(Draws draws, String who) {
        String place = draws.chance(0.5) ? " " + draws.pick(PLACES) : "";
        String act = who + " " + draws.pick(ACTS) + place + ".";
        return draws.chance(0.25) ? draws.pick(TIMES) + " " + act : act;
    }

    private static String together(Draws draws, String first, String second) {
        String place = draws.chance(0.3) ? " " + draws.pick(PLACES) : "";
        String time = draws.chance(0.2) ? draws.pick(TIMES) + " " : "";
        return time
                + switch (draws.below(5)) {
                    case 0 -> first + " " + draws.pick(ACTS) + " " + draws.pick(RELATIONS) + " " + second + place + ".";
                    case 1 -> first + " " + draws.pick(DEEDS) + " " + second + place + ".";
                    case 2 ->
                        first + " " + draws.pick(ACTS) + " while " + second + " " + draws.pick(ACTS) + place + ".";
                    case 3 -> first + " and " + second + " " + draws.pick(ACTS) + place + ".";
                    default ->
                        first + " " + draws.pick(ACTS) + place + ". Then " + second + " " + draws.pick(ACTS) + ".";
                };
    }

    private static String mention(Draws draws, Entity entity) {
        String name = entity.name();
        String kind = entity.kind();
        return switch (draws.below(8)) {
            case 0 -> "the " + kind + " " + name;
            case 1 -> article(kind) + kind + " named " + name;
            case 2 -> article(kind) + kind + " called " + name;
            case 3 -> name + " the " + draws.pick(LOOKS) + " " + kind;
            case 4 -> draws.pick(OWNERS) + " " + kind + " " + name;
            default -> name + " the " + kind;
        };
    }

    private static String article(String noun) {
        return "aeiou".indexOf(noun.charAt(0)) < 0 ? "a " : "an ";
    }

    static final List<String> NAMES = List.of(
            "Charlie", "Bella", "Max", "Luna", "Oscar", "Daisy", "Felix", "Molly", "Rocky", "Ruby", "Simba", "Nala",
            "Toby", "Rosie", "Bruno", "Stella", "Anna", "Ben", "Clara", "David", "Emma", "Frank", "Greta", "Henry",
            "Ivy", "Jack", "Karl", "Lisa", "Martin", "Nora", "Oliver", "Paula", "Quentin", "Rosa", "Sam", "Tina",
            "Ursula", "Victor", "Wanda", "Yara", "Zack", "Cora", "Edgar", "Fiona", "George", "Hugo", "Igor", "Julia",
            "Kira", "Leo", "Mona", "Nils", "Peter", "Robin", "Tom", "Uma", "Vera", "Walter", "Zoe", "Milo");

    static final List<String> KINDS = List.of(
            "cat", "dog", "horse", "rabbit", "parrot", "goat", "duck", "cow", "pig", "mouse", "fox", "bear", "sheep",
            "hen", "frog", "owl", "donkey", "turtle", "teacher", "baker", "doctor", "farmer", "painter", "sailor",
            "pilot", "cook");

    private static final List<String> LOOKS =
            List.of("old", "young", "little", "big", "brown", "gray", "happy", "tired", "hungry");

    private static final List<String> OWNERS = List.of("my", "our", "her", "his", "their");

    private static final List<String> ACTS = List.of(
            "sat down",
            "fell asleep",
            "ran away",
            "went home",
            "looked up",
            "woke up early",
            "waited",
            "jumped",
            "sang",
            "stood still",
            "took a walk",
            "had lunch",
            "played",
            "rested",
            "came back");

    private static final List<String> DEEDS =
            List.of("saw", "met", "followed", "helped", "watched", "called", "found", "waited for", "played with");

    private static final List<String> RELATIONS = List.of("next to", "behind", "in front of", "near", "together with");

    private static final List<String> PLACES = List.of(
            "in the garden",
            "near the river",
            "at the market",
            "in the kitchen",
            "under the tree",
            "on the hill",
            "by the door",
            "in the barn",
            "at school");

    private static final List<String> TIMES =
            List.of("Yesterday", "In the morning", "After lunch", "One day", "Last night", "Today");
}
