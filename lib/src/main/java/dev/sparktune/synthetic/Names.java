package dev.sparktune.synthetic;

import java.util.List;
import java.util.Set;

/** Who the stories are about. Names of the evaluation never occur in the text that the model is trained on. */
final class Names {
    private Names() {}

    /** A name for training text: a common one, or one made of syllables, so that copying is all that helps. */
    static String forTraining(Draws draws) {
        while (true) {
            String name = draws.chance(0.3) ? draws.pick(COMMON) : syllables(draws);
            if (!HELD_OUT_SET.contains(name)) {
                return name;
            }
        }
    }

    /** A name that {@link #forTraining} never gives. */
    static String heldOut(Draws draws) {
        return draws.pick(HELD_OUT);
    }

    private static String syllables(Draws draws) {
        String name = draws.pick(ONSETS) + draws.pick(VOWELS);
        if (draws.chance(0.6)) {
            name += draws.pick(MIDDLES) + draws.pick(VOWELS);
        }
        return Opinions.capitalized(name + draws.pick(ENDS));
    }

    static final List<String> HELD_OUT = List.of(
            "Charlie", "Bella", "Max", "Luna", "Oscar", "Daisy", "Felix", "Molly", "Rocky", "Ruby", "Simba", "Nala",
            "Toby", "Rosie", "Bruno", "Stella", "Jasper", "Willow", "Milo", "Hazel", "Otis", "Pepper", "Rufus",
            "Ginger", "Hector", "Olive", "Barney", "Maggie", "Casper", "Penny", "Duke", "Sophie", "Murphy", "Chloe",
            "Gus", "Zoe", "Boris", "Lola", "Archie", "Coco");

    private static final Set<String> HELD_OUT_SET = Set.copyOf(HELD_OUT);

    private static final List<String> COMMON = List.of(
            "Anna", "Ben", "Clara", "David", "Emma", "Frank", "Greta", "Henry", "Ivy", "Jack", "Karl", "Lisa", "Martin",
            "Nora", "Oliver", "Paula", "Quentin", "Rosa", "Sam", "Tina", "Ursula", "Victor", "Wanda", "Xaver", "Yara",
            "Zack", "Alma", "Cora", "Dora", "Edgar", "Fiona", "George", "Hanna", "Igor", "Julia", "Kira", "Leo", "Mona",
            "Nils", "Olga", "Peter", "Robin", "Sara", "Tom", "Uma", "Vera", "Walter", "Yusuf", "Zelda", "Amir",
            "Bianca", "Carlos", "Dalia", "Elio", "Freya", "Gina", "Hugo", "Ines", "Jonas");

    private static final List<String> ONSETS = List.of(
            "b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "ph", "qu",
            "r", "s", "sh", "st", "t", "th", "tr", "v", "w", "x", "y", "z", "");

    private static final List<String> VOWELS = List.of("a", "e", "i", "o", "u", "ai", "ea", "ie", "oo", "y");

    private static final List<String> MIDDLES = List.of(
            "b", "bb", "c", "ck", "d", "ff", "g", "l", "ll", "m", "n", "nn", "pp", "r", "rl", "s", "sp", "t", "tt", "v",
            "x", "z");

    private static final List<String> ENDS =
            List.of("", "", "", "n", "s", "r", "l", "x", "t", "ck", "by", "ly", "ra", "ta", "ko", "mo");
}
