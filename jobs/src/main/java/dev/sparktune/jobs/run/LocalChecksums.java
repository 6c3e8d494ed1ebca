package dev.sparktune.jobs.run;

import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;

/**
 * Hadoop's checksum files, {@code .NAME.crc} beside each file of a local disk. Other file systems keep their checksums
 * themselves, and what is read from them is verified.
 */
public final class LocalChecksums {
    private LocalChecksums() {}

    /**
     * On a local disk no checksum file is written, and none is believed: a file that a user edited since Hadoop wrote it differs
     * from its checksum without a fault. Any other file system stays as it is.
     */
    public static void ignore(FileSystem fileSystem) {
        if (fileSystem instanceof ChecksumFileSystem) {
            fileSystem.setWriteChecksum(false);
            fileSystem.setVerifyChecksum(false);
        }
    }
}
