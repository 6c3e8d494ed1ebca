/**
 * Who is train, validation or test, and stays it.
 *
 * <p>A record's group (the customer, say) is hashed into one of 2^10 to 2^16 buckets, and a bucket belongs to one split:
 * so a group never straddles two. Which bucket goes where is searched once, from the counts of bucket × stratum, such that
 * every stratum comes near its fractions; then the {@linkplain dev.sparktune.split.BucketMap map} is frozen and later runs,
 * on grown data too, only look up. Hashing depends on nothing but salt and key: not on order, files, partitions or cluster.
 */
package dev.sparktune.split;
