package dev.sparktune.synthetic;

import dev.sparktune.synthetic.Product.Aspect;
import java.util.List;

/**
 * Sentences that carry an opinion of a wanted strength, from −3 (scathing) over 0 (indifferent) to +3 (delighted). Many
 * phrases share a strength; adverbs and negations move an adjective along the scale, so that no single word tells it.
 */
final class Opinions {
    static final int STRONGEST = 3;

    private Opinions() {}

    /** A sentence about the whole product. */
    static String overall(Draws draws, int strength, Product product) {
        return draws.pick(OVERALL.get(strength + STRONGEST))
                .replace("{product}", product.noun())
                .replace("{person}", draws.pick(PEOPLE));
    }

    /** A headline, without full stop. */
    static String headline(Draws draws, int strength, Product product) {
        return draws.pick(HEADLINES.get(strength + STRONGEST)).replace("{product}", product.noun());
    }

    /** A sentence about one aspect of the product; its strength is not 0. */
    static String aspect(Draws draws, int strength, Product product) {
        return capitalized(clause(draws, strength, draws.pick(product.category().aspects()))) + ".";
    }

    /** Two aspects in one sentence; the later opinion weighs more, as after a "but" in a real review. */
    static String contrast(Draws draws, int first, int then, Product product) {
        List<Aspect> aspects = product.category().aspects();
        int one = draws.below(aspects.size());
        int other = (one + 1 + draws.below(aspects.size() - 1)) % aspects.size();
        String link = draws.pick((first > 0) == (then > 0) ? ADDITIONS : TURNS);
        return capitalized(clause(draws, first, aspects.get(one))) + link + clause(draws, then, aspects.get(other))
                + ".";
    }

    /** A sentence without any opinion. */
    static String neutral(Draws draws, Product product) {
        return draws.pick(NEUTRAL)
                .replace("{product}", product.noun())
                .replace("{brand}", product.brand())
                .replace("{person}", draws.pick(PEOPLE))
                .replace("{time}", draws.pick(TIMES));
    }

    /** A whole review of three words or less; none is longer. */
    static String stock(Draws draws, int strength) {
        return draws.pick(STOCK.get(strength + STRONGEST));
    }

    static String capitalized(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String clause(Draws draws, int strength, Aspect aspect) {
        String judged = judgement(draws, strength, aspect);
        return switch (draws.below(6)) {
            case 0 -> "I find the " + aspect.noun() + " " + judged;
            case 1 -> "the " + aspect.noun() + " turned out " + judged;
            case 2 -> "the " + aspect.noun() + " feels " + judged;
            default -> "the " + aspect.noun() + " is " + judged;
        };
    }

    private static String judgement(Draws draws, int strength, Aspect aspect) {
        boolean own = draws.chance(0.5);
        String praise = draws.pick(own ? aspect.praise() : PRAISE);
        String blame = draws.pick(own ? aspect.blame() : BLAME);
        int form = draws.below(3);
        return switch (strength) {
            case 3 -> form == 0 ? draws.pick(DELIGHT) : draws.pick(VERY) + praise;
            case 2 -> form == 0 ? "not " + blame + " at all" : praise;
            case 1 -> form == 0 ? draws.pick(LUKEWARM) : draws.pick(FAIRLY) + praise;
            case -1 -> form == 0 ? "not very " + praise : draws.pick(SLIGHTLY) + blame;
            case -2 -> form == 0 ? "not " + praise + " at all" : blame;
            case -3 -> form == 0 ? draws.pick(DISGUST) : draws.pick(VERY) + blame;
            default ->
                throw new IllegalArgumentException(
                        "strength of a judgement must be in [-3, 3] without 0, but is " + strength);
        };
    }

    private static final List<String> PEOPLE =
            List.of("wife", "husband", "son", "daughter", "mother", "friend", "sister", "neighbor");

    private static final List<String> TIMES =
            List.of("last week", "a month ago", "in spring", "for a birthday", "before a trip", "on sale");

    private static final List<String> VERY = List.of("very ", "really ", "so ", "extremely ");
    private static final List<String> FAIRLY = List.of("pretty ", "fairly ", "mostly ");
    private static final List<String> SLIGHTLY = List.of("a bit ", "a little ", "somewhat ");

    private static final List<String> PRAISE = List.of("good", "great", "nice", "lovely", "reliable", "impressive");
    private static final List<String> BLAME = List.of("bad", "poor", "cheap", "disappointing", "ugly", "annoying");
    private static final List<String> DELIGHT = List.of("perfect", "outstanding", "fantastic", "superb", "wonderful");
    private static final List<String> DISGUST = List.of("terrible", "awful", "horrible", "useless", "a joke");
    private static final List<String> LUKEWARM = List.of("fine", "decent", "acceptable", "nice enough", "not bad");

    private static final List<String> TURNS = List.of(", but ", ", however ", ", though ", " but ");
    private static final List<String> ADDITIONS = List.of(" and ", ", and ", ", also ");

    private static final List<List<String>> OVERALL = List.of(
            List.of(
                    "Worst {product} I have ever owned.",
                    "A complete waste of money.",
                    "I hate this {product}.",
                    "It broke on the first day.",
                    "Total junk, do not buy it.",
                    "I want my money back.",
                    "It went straight into the trash.",
                    "Never again.",
                    "My {person} laughed at how useless it is.",
                    "Stay away from this {product}."),
            List.of(
                    "I do not like this {product}.",
                    "I was disappointed.",
                    "I would not buy it again.",
                    "I can not recommend it.",
                    "It did not work well for us.",
                    "Not worth the money.",
                    "I regret buying it.",
                    "It was a poor choice.",
                    "My {person} stopped using it.",
                    "It is not a good {product}."),
            List.of(
                    "It could be better.",
                    "I expected a bit more.",
                    "Not quite what I hoped for.",
                    "I am slightly disappointed.",
                    "I have owned better ones.",
                    "Not the best {product}.",
                    "I would think twice before buying it again.",
                    "For this price I wanted more."),
            List.of(
                    "It is okay.",
                    "It is an average {product}.",
                    "Nothing special.",
                    "I have mixed feelings about it.",
                    "It does what it should, no more.",
                    "My {person} likes it, I do not care.",
                    "Hard to say if I would buy it again.",
                    "It is a so-so {product}."),
            List.of(
                    "It is a decent {product}.",
                    "Pretty good for what it is.",
                    "I mostly like it.",
                    "It works well enough.",
                    "Not bad for the money.",
                    "It gets the job done.",
                    "Overall I am fairly satisfied.",
                    "A nice little {product} with small flaws."),
            List.of(
                    "I like this {product} a lot.",
                    "It works great.",
                    "Very happy with it.",
                    "It does its job well.",
                    "A good {product} for the price.",
                    "I would recommend it.",
                    "Glad I bought it.",
                    "My {person} enjoys it every day.",
                    "No complaints so far.",
                    "I would not want to miss it."),
            List.of(
                    "I absolutely love this {product}.",
                    "Best {product} I have ever owned.",
                    "This {product} is perfect.",
                    "I could not be happier with it.",
                    "It is better than I ever hoped.",
                    "I would buy it again and again.",
                    "Everything about it is wonderful.",
                    "I recommend it to everyone.",
                    "A fantastic {product}, worth every penny.",
                    "My {person} and I adore it."));

    private static final List<List<String>> HEADLINES = List.of(
            List.of("Total junk", "Waste of money", "Worst {product} ever", "Do not buy"),
            List.of("Disappointed", "Not worth it", "Would not buy again", "Poor {product}"),
            List.of("Could be better", "Expected more", "Not the best {product}"),
            List.of("It is okay", "Mixed feelings", "Average {product}"),
            List.of("Decent {product}", "Pretty good", "Good enough"),
            List.of("Works great", "Good {product}", "Happy with it", "Would recommend"),
            List.of("Love it", "Perfect {product}", "Best {product} ever", "Worth every penny"));

    private static final List<String> NEUTRAL = List.of(
            "I bought it {time}.",
            "My {person} got one {time}.",
            "This was a gift for my {person}.",
            "It is our second {product} from {brand}.",
            "I ordered it {time} for my {person}.",
            "We keep it at my {person}'s house.",
            "I read many reviews before.",
            "It came in a plain box.",
            "I had another {product} before.",
            "The {brand} shop sent it {time}.");

    private static final List<List<String>> STOCK = List.of(
            List.of("Junk.", "Awful!", "Broken."),
            List.of("Bad.", "Did not like.", "Not good."),
            List.of("Meh.", "Not great."),
            List.of("Ok.", "It is okay.", "As described."),
            List.of("Nice.", "Decent."),
            List.of("Good.", "Works great.", "Very good!"),
            List.of("Perfect!", "Love it!", "Excellent!", "Awesome!"));
}
