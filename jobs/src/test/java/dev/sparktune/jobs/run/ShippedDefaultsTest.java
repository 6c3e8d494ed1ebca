package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShippedDefaultsTest {
    @AfterEach
    void clear() {
        System.clearProperty("sparktune.test.new");
        System.clearProperty("sparktune.test.set");
    }

    @Test
    void theUsersFlagsStayAndTheMissingOnesAreFilledIn() {
        System.setProperty("sparktune.test.set", "mine");
        SparkConf conf = new SparkConf(false).set("spark.sql.shuffle.partitions", "7");
        Properties shipped = new Properties();
        shipped.setProperty("spark.sql.shuffle.partitions", "8");
        shipped.setProperty("spark.ui.enabled", "false");
        shipped.setProperty("spark.driver.memory", "2g");
        shipped.setProperty(
                "spark.driver.extraJavaOptions", "--add-opens=a=b -Dsparktune.test.new=1 -Dsparktune.test.set=2");

        ShippedDefaults.apply(shipped, conf);

        assertThat(conf.get("spark.sql.shuffle.partitions")).isEqualTo("7");
        assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
        assertThat(conf.contains("spark.driver.memory")).isFalse();
        assertThat(System.getProperty("sparktune.test.new")).isEqualTo("1");
        assertThat(System.getProperty("sparktune.test.set")).isEqualTo("mine");
    }

    @Test
    void oneJvmHasFewPartitionsToExchange() throws Exception {
        assertThat(partitions("local[3]")).isEqualTo("12");
        assertThat(partitions("spark://host:7077")).as("Spark's own default").isNull();
    }

    private static String partitions(String master) throws Exception {
        SparkConf conf = new SparkConf(false).set("spark.master", master);
        ShippedDefaults.apply(conf);
        return conf.get("spark.sql.shuffle.partitions", null);
    }
}
