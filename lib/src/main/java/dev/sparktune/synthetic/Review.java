package dev.sparktune.synthetic;

import java.time.LocalDate;

/**
 * One review in the columns of the public {@code amazon_reviews_us_*} sets, in their order.
 *
 * @param marketplace two letters, not always upper case
 * @param customerId digits
 * @param reviewId unique
 * @param productId ten letters and digits
 * @param productParent digits
 * @param productTitle free text
 * @param productCategory not always capitalised
 * @param starRating 1 to 5
 * @param helpfulVotes at most {@code totalVotes}
 * @param totalVotes at least 0
 * @param vine {@code Y} or {@code N}
 * @param verifiedPurchase {@code Y} or {@code N}
 * @param reviewHeadline free text
 * @param reviewBody free text, may be empty or blank
 * @param reviewDate day of the review
 */
public record Review(
        String marketplace,
        String customerId,
        String reviewId,
        String productId,
        String productParent,
        String productTitle,
        String productCategory,
        int starRating,
        int helpfulVotes,
        int totalVotes,
        String vine,
        String verifiedPurchase,
        String reviewHeadline,
        String reviewBody,
        LocalDate reviewDate) {}
