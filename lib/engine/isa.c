#include <convscope/engine.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static const char *const isa_names[CVS_ISA_COUNT] = {
    [CVS_ISA_PORTABLE] = "portable",
    [CVS_ISA_AVX2] = "avx2",
    [CVS_ISA_AVX512] = "avx512",
};

const char *cvs_isa_name(cvs_isa isa) { return isa_names[isa]; }

#if defined(__x86_64__)

/* Bits of XCR0 (Intel SDM volume 1, 13.3): which registers the operating system saves on a context switch. */
enum { XCR0_AVX = 0x06, XCR0_AVX512 = 0xe6 };

static unsigned saved_registers(void) {
    unsigned eax, edx;
    __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
    return eax;
}

cvs_isa cvs_isa_detect(void) {
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return CVS_ISA_PORTABLE;
    const unsigned first = bit_FMA | bit_AVX | bit_OSXSAVE;
    if ((ecx & first) != first) return CVS_ISA_PORTABLE;
    unsigned saved = saved_registers();
    if ((saved & XCR0_AVX) != XCR0_AVX) return CVS_ISA_PORTABLE;
    if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) || !(ebx & bit_AVX2)) return CVS_ISA_PORTABLE;
    const unsigned wide = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
    bool avx512 = (ebx & wide) == wide && (saved & XCR0_AVX512) == XCR0_AVX512;
    return avx512 ? CVS_ISA_AVX512 : CVS_ISA_AVX2;
}

#else

cvs_isa cvs_isa_detect(void) { return CVS_ISA_PORTABLE; }

#endif
