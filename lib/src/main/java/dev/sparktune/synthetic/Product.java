package dev.sparktune.synthetic;

import java.util.List;

/**
 * Something that can be bought.
 *
 * @param category the shelf it stands on, with the aspects that its reviews judge
 * @param noun what it is: "kettle"
 * @param brand who makes it
 * @param colour "deep purple"
 */
record Product(Category category, String noun, String brand, String colour) {

    /**
     * @param name product_category of the reviews
     * @param nouns the products
     * @param aspects what reviews of these products judge
     */
    record Category(String name, List<String> nouns, List<Aspect> aspects) {}

    /**
     * A part or property, with words of praise and blame that fit no other.
     *
     * @param noun singular, without article: "lid"
     * @param praise adjectives: "easy to clean"
     * @param blame adjectives: "loose"
     */
    record Aspect(String noun, List<String> praise, List<String> blame) {}

    String title() {
        return brand + " " + noun + ", " + colour;
    }

    static Product draw(Draws draws) {
        Category category = draws.pick(CATEGORIES);
        return new Product(category, draws.pick(category.nouns()), draws.pick(BRANDS), draws.pick(COLOURS));
    }

    private static Category category(String name, List<String> nouns, Aspect... aspects) {
        return new Category(name, nouns, List.of(aspects));
    }

    private static Aspect aspect(String noun, List<String> praise, List<String> blame) {
        return new Aspect(noun, praise, blame);
    }

    private static final List<String> BRANDS =
            List.of("Norvik", "Bellamy", "Castor", "Havena", "Quill", "Orchard", "Tamaro", "Finley");

    private static final List<String> COLOURS =
            List.of("black", "white", "red", "deep purple", "silver", "green", "blue", "cream");

    private static final List<Category> CATEGORIES = List.of(
            category(
                    "Kitchen",
                    List.of("kettle", "toaster", "blender", "coffee maker", "pan", "knife set", "microwave"),
                    aspect("lid", List.of("tight", "easy to open"), List.of("loose", "hard to open")),
                    aspect("handle", List.of("comfortable", "sturdy"), List.of("wobbly", "too hot to touch")),
                    aspect("cord", List.of("long"), List.of("short", "stiff")),
                    aspect("noise", List.of("low"), List.of("loud", "annoying")),
                    aspect("finish", List.of("easy to clean", "shiny"), List.of("full of scratches", "sticky"))),
            category(
                    "Beauty",
                    List.of("hair dryer", "hair brush", "face cream", "mirror", "shampoo", "nail file"),
                    aspect("smell", List.of("fresh", "pleasant"), List.of("strong", "strange")),
                    aspect("heat", List.of("even", "quick"), List.of("weak", "uneven")),
                    aspect("grip", List.of("soft", "secure"), List.of("slippery", "rough")),
                    aspect("bottle", List.of("easy to use", "pretty"), List.of("leaky", "half empty")),
                    aspect("result", List.of("smooth", "lasting"), List.of("greasy", "dull"))),
            category(
                    "Baby",
                    List.of("pacifier", "stroller", "bottle", "crib", "night light", "bib"),
                    aspect("fabric", List.of("soft", "gentle"), List.of("scratchy", "thin")),
                    aspect("clip", List.of("safe", "strong"), List.of("flimsy", "sharp")),
                    aspect("shape", List.of("clever", "comfortable"), List.of("awkward", "odd")),
                    aspect("size", List.of("just right"), List.of("too small", "too big")),
                    aspect("strap", List.of("easy to adjust", "sturdy"), List.of("stiff", "too short"))),
            category(
                    "Electronics",
                    List.of("speaker", "phone case", "headset", "charger", "camera", "keyboard", "lamp"),
                    aspect("battery", List.of("lasting", "quick to charge"), List.of("weak", "always empty")),
                    aspect("sound", List.of("clear", "rich"), List.of("thin", "full of noise")),
                    aspect("screen", List.of("bright", "sharp"), List.of("dim", "full of scratches")),
                    aspect("button", List.of("easy to find", "responsive"), List.of("stuck", "hard to press")),
                    aspect("setup", List.of("easy", "quick"), List.of("confusing", "slow"))),
            category(
                    "Toys",
                    List.of("puzzle", "robot", "doll", "train set", "kite", "board game"),
                    aspect("box", List.of("pretty", "sturdy"), List.of("crushed", "half empty")),
                    aspect("paint", List.of("bright", "safe"), List.of("faded", "sticky")),
                    aspect("manual", List.of("clear", "helpful"), List.of("confusing", "missing")),
                    aspect("plastic", List.of("thick", "strong"), List.of("thin", "brittle")),
                    aspect("idea", List.of("clever", "fun"), List.of("boring", "old"))),
            category(
                    "Outdoors",
                    List.of("tent", "backpack", "water bottle", "sleeping bag", "flashlight", "jacket"),
                    aspect("zipper", List.of("smooth", "sturdy"), List.of("stuck", "broken")),
                    aspect("seam", List.of("strong", "dry"), List.of("leaky", "loose")),
                    aspect("weight", List.of("low", "comfortable"), List.of("too heavy", "awkward")),
                    aspect("color", List.of("bright", "pretty"), List.of("faded", "odd")),
                    aspect("pocket", List.of("deep", "easy to reach"), List.of("too small", "torn"))),
            category(
                    "Pet Products",
                    List.of("leash", "dog bed", "cat toy", "food bowl", "collar", "brush"),
                    aspect("cover", List.of("soft", "easy to wash"), List.of("torn", "full of hair")),
                    aspect("rubber", List.of("strong", "safe"), List.of("brittle", "smelly")),
                    aspect("hook", List.of("secure", "sturdy"), List.of("rusty", "flimsy")),
                    aspect("stitching", List.of("neat", "strong"), List.of("loose", "sloppy")),
                    aspect("size", List.of("just right"), List.of("too small", "too big"))),
            category(
                    "Books",
                    List.of("cookbook", "novel", "travel guide", "diary", "picture book", "dictionary"),
                    aspect("story", List.of("gripping", "warm"), List.of("boring", "confusing")),
                    aspect("cover", List.of("pretty", "sturdy"), List.of("torn", "ugly")),
                    aspect("print", List.of("clear", "sharp"), List.of("tiny", "faded")),
                    aspect("paper", List.of("thick", "smooth"), List.of("thin", "yellow")),
                    aspect("ending", List.of("clever", "surprising"), List.of("dull", "rushed"))));
}
