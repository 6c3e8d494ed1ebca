package dev.sparktune.synthetic;

import java.util.List;

/**
 * A sentence or two about somebody who has a name and a kind: "Charlie the cat sat down next to a dog."
 *
 * @param text the sentences, with one name in them
 * @param name "Charlie"
 * @param kind "cat"
 */
record Story(String text, String name, String kind) {

    /** Name and kind are paired at random each time: to know by heart who is a cat does not help. */
    static Story draw(Draws draws) {
        String name = draws.pick(NAMES);
        String kind = draws.pick(KINDS);
        String who = mention(draws, name, kind);
        String text = draws.chance(0.5) ? alone(draws, who) : beside(draws, who, another(draws, kind));
        return new Story(Opinions.capitalized(text), name, kind);
    }

    /** Somebody of another kind. */
    static String otherKind(Draws draws, String kind) {
        String other = draws.pick(KINDS);
        return other.equals(kind) ? KINDS.get((KINDS.indexOf(kind) + 1) % KINDS.size()) : other;
    }

    private static String another(Draws draws, String kind) {
        String other = draws.pick(KINDS);
        return other.equals(kind) ? "somebody" : article(other) + other;
    }

    private static String beside(Draws draws, String who, String other) {
        return draws.chance(0.5) ? together(draws, who, other) : together(draws, other, who);
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

    private static String mention(Draws draws, String name, String kind) {
        return switch (draws.weighted(45, 15, 15, 10, 10, 5)) {
            case 0 -> name + " the " + kind;
            case 1 -> "the " + kind + " " + name;
            case 2 -> article(kind) + kind + " named " + name;
            case 3 -> article(kind) + kind + " called " + name;
            case 4 -> name + " the " + draws.pick(LOOKS) + " " + kind;
            default -> draws.pick(OWNERS) + " " + kind + " " + name;
        };
    }

    static String article(String noun) {
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
