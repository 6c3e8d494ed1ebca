/**
 * The sharded parameter server of a distributed run: a {@link dev.sparktune.train.Exchange} between executors, over a
 * transport of Deeplearning4j's parameter server that carries slices of vectors raw over TCP.
 *
 * <p>Who takes part is agreed on elsewhere (Spark's barrier); what the workers must share for it is a secret. A connection
 * begins with a challenge in both directions, and every frame's header is sealed with a key of the connection, holds the
 * payload's checksum, and is checked, sizes included, before anything of the frame is used. Nothing is deserialised as
 * a Java object. Payloads are not encrypted. Idle connections carry signs of life: a worker that is silent for as long as Spark
 * waits for an executor counts as lost.
 */
package dev.sparktune.jobs.exchange;
