/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzz targets share. A target takes any bytes and traps when what
 * they lead to is wrong, whether or not it would crash.
 */
#ifndef _HB_FUZZ_H
#define _HB_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libFuzzer's entry points */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed);

/* Not assert(), which is none with NDEBUG. What a target says on stderr may be
 * part of the test, so this goes past it.
 */
#define FUZZ_CHECK(_true) do {						\
	if (!(_true)) {							\
		dprintf(STDERR_FILENO, "%s:%d: %s(): not so: %s\n",	\
			__FILE__, __LINE__, __func__, #_true);		\
		abort();						\
	}								\
} while (0)

/**
 * struct fuzz_in - bytes that steer a target
 * @data: what is left
 * @size: of it
 */
struct fuzz_in {
	const uint8_t *data;
	size_t size;
};

/* Zeros when there are no more. */
static inline uint64_t fuzz_take(struct fuzz_in *in, size_t bytes)
{
	uint64_t val = 0;

	while (bytes--) {
		val <<= 8;
		if (!in->size)
			continue;
		val |= *in->data++;
		in->size--;
	}
	return val;
}

/* In memory of exactly its size, so that ASan sees a read beyond the end. */
static inline void *fuzz_copy(const void *data, size_t size)
{
	void *copy = malloc(size);

	FUZZ_CHECK(copy || !size);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

/* The same with the end of a string */
static inline char *fuzz_string(const void *data, size_t size)
{
	char *copy = malloc(size + 1);

	FUZZ_CHECK(copy);
	if (size)
		memcpy(copy, data, size);
	copy[size] = 0;
	return copy;
}

#endif /* _HB_FUZZ_H */
