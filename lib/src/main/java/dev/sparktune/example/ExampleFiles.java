package dev.sparktune.example;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The Parquet files of a directory of examples. */
public final class ExampleFiles {
    private ExampleFiles() {}

    /**
     * The files of one split, in the order in which their rows are numbered: by name, without those that other readers skip
     * too (names that begin with {@code .} or {@code _}).
     *
     * @param directory one split's directory, or a single file
     * @throws FileNotFoundException when it is not there or has no Parquet file
     */
    public static List<Path> in(Configuration conf, Path directory) throws IOException {
        FileSystem fs = directory.getFileSystem(conf);
        FileStatus[] found;
        try {
            found = fs.listStatus(directory);
        } catch (FileNotFoundException e) {
            throw new FileNotFoundException("no such directory of examples: " + directory);
        }
        List<Path> files = new ArrayList<>();
        Arrays.sort(found, Comparator.comparing(file -> file.getPath().getName()));
        for (FileStatus file : found) {
            String name = file.getPath().getName();
            if (file.isFile() && name.endsWith(".parquet") && !name.startsWith(".") && !name.startsWith("_")) {
                files.add(file.getPath());
            }
        }
        if (files.isEmpty()) {
            throw new FileNotFoundException("no .parquet file in " + directory);
        }
        return files;
    }
}
