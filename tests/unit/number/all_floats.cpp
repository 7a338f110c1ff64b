/*
 * all_floats - checks lib/number at every level that this CPU has, on all cores.
 *
 *   all_floats                  every one of the 2^32 float32: the text is the shortest by std::to_chars, spelled as
 *                               number.h says, and every reader reads it back bit for bit (minutes)
 *   all_floats --slices N       N random slices of them, of 4096 magnitudes with both signs
 *   all_floats --decimals N     N random decimal texts, read as strtof reads them
 *   ... --seed N                instead of one drawn by the system, which is told
 *   ... --level NAME            portable, avx2 or avx512 alone
 */
#include "all_floats.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <thread>
#include <vector>

namespace {

struct options {
    bool all = true;
    uint64_t slices = 0, decimals = 0, seed = std::random_device{}();
    const char *level = nullptr;
};

bool read_options(int argc, char **argv, options *o) {
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc) return false;
        const uint64_t number = std::strtoull(argv[i + 1], nullptr, 0);
        if (!std::strcmp(argv[i], "--slices"))
            o->slices = number, o->all = false;
        else if (!std::strcmp(argv[i], "--decimals"))
            o->decimals = number, o->all = false;
        else if (!std::strcmp(argv[i], "--seed"))
            o->seed = number;
        else if (!std::strcmp(argv[i], "--level"))
            o->level = argv[i + 1];
        else
            return false;
    }
    return true;
}

/* Runs check(i) for all i below `count` on all cores, telling how far it is; how often it complained. */
uint64_t share(const char *what, uint64_t count, const std::function<bool(uint64_t)> &check) {
    std::atomic<uint64_t> next{0}, wrong{0}, running{0};
    std::vector<std::thread> threads;
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    for (running = cores; threads.size() < cores;)
        threads.emplace_back([&] {
            for (uint64_t i; (i = next++) < count;) wrong += !check(i);
            --running;
        });
    for (int tenths = 1; running > 0; tenths++) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (tenths % 50 == 0)
            std::fprintf(stderr, "%s: %.1f %%\n", what, 100.0 * double(std::min(next.load(), count)) / double(count));
    }
    for (std::thread &thread : threads) thread.join();
    std::printf("%s: %llu checked, %llu wrong\n", what, (unsigned long long)count, (unsigned long long)wrong.load());
    return wrong;
}

} // namespace

int main(int argc, char **argv) {
    options o;
    if (!read_options(argc, argv, &o)) {
        std::fprintf(stderr, "usage: all_floats [--slices N] [--decimals N] [--seed N] [--level NAME]\n");
        return 2;
    }
    const std::vector<level> levels = levels_here(o.level);
    if (levels.empty()) {
        std::fprintf(stderr, "there is no such level here\n");
        return 2;
    }
    for (const level &l : levels) std::printf("level %s\n", l.name);
    if (!o.all) std::printf("seed %llu\n", (unsigned long long)o.seed);
    uint64_t wrong = 0;
    const auto slice = [&](uint64_t i) { return check_slice(levels, i); };
    const auto random_slice = [&](uint64_t i) { return check_slice(levels, draw(o.seed, i) % SLICES); };
    const auto decimals = [&](uint64_t i) { return check_decimals(levels, draw(o.seed, i)); };
    if (o.all) wrong += share("slices of all float32", SLICES, slice);
    if (o.slices) wrong += share("random slices", o.slices, random_slice);
    if (o.decimals) wrong += share("thousands of decimal texts", (o.decimals + 999) / 1000, decimals);
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
