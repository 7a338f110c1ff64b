"""sweep_spark.py - the same sweep through Spark's pipe: spark-submit --py-files layers.py sweep_spark.py RESULTS [LAYERS]

Each executor needs convscope in PATH below. A partition is a process that gets a layer a line and gives an answer a line.
"""

import sys

from layers import request
from pyspark.sql import SparkSession

PART = 1000000
PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


def main():
    results, layers = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10**9
    context = SparkSession.builder.appName("convscope-sweep").getOrCreate().sparkContext
    numbers = context.range(layers, numSlices=-(-layers // PART))
    # With checkCode a process that dies fails its partition, which Spark begins anew; and so that a layer that cannot be
    # does not, --fail-on never.
    answers = numbers.map(request).pipe("convscope shape --ndjson --fail-on never", env=PATH, checkCode=True)
    answers.saveAsTextFile(results, "org.apache.hadoop.io.compress.GzipCodec")


if __name__ == "__main__":
    main()
