#!/usr/bin/env python3
"""The disk that loses power loses what was not synced, and nothing else.  usage: power_cut_test.py LIBRARY"""
import os, random, subprocess, sys, tempfile, unittest
from power_cut import Disk

LIBRARY = sys.argv.pop(1)


class PowerCut(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = os.path.join(self.place.name, 'disk')
        os.mkdir(self.folder)
        self.disk = Disk(self.folder, LIBRARY)

    def tearDown(self):
        self.place.cleanup()

    def run_killed(self, program, seed=0):
        """Runs it in the folder, kills it at its end, cuts the power."""
        text = 'import os, signal\n' + program + '\nos.kill(os.getpid(), signal.SIGKILL)\n'
        run = subprocess.run([sys.executable, '-c', text], cwd=self.folder, env=self.disk.environment(), stderr=subprocess.PIPE)
        self.assertEqual(run.returncode, -9, run.stderr.decode())
        self.disk.cut(random.Random(seed))

    def content(self, name):
        try:
            with open(os.path.join(self.folder, name), 'rb') as f:
                return f.read()
        except FileNotFoundError:
            return None

    def write(self, name, content):
        with open(os.path.join(self.folder, name), 'wb') as f:
            f.write(content)

    def outcomes(self, program, name, before=None, seeds=30):
        found = set()
        for seed in range(seeds):
            for old in os.listdir(self.folder):
                os.unlink(os.path.join(self.folder, old))
            if before is not None:
                self.write(name, before)
            self.run_killed(program, seed)
            found.add(self.content(name))
        return found

    def test_what_was_synced_stays(self):
        program = ("f = os.open('a', os.O_CREAT | os.O_WRONLY); os.write(f, b'safe'); os.fsync(f)\n"
                   "os.fsync(os.open('.', os.O_RDONLY))")
        self.assertEqual(self.outcomes(program, 'a'), {b'safe'})

    def test_unsynced_bytes_are_lost_from_the_end_in_part_or_read_as_zeros(self):
        program = "f = os.open('a', os.O_WRONLY | os.O_APPEND); os.write(f, b'12'); os.fdatasync(f); os.write(f, b'34'); os.write(f, b'56')"
        found = self.outcomes(program, 'a', b'0')
        self.assertLessEqual(found, {b'012', b'0123', b'01234', b'012345', b'0123456', b'012\0\0\0\0', b'0123\0\0\0', b'01234\0\0', b'012345\0'})
        self.assertIn(b'012', found)
        self.assertIn(b'0123456', found)
        self.assertGreater(len(found), 4)

    def test_overwritten_and_truncated_bytes_come_back(self):
        program = "f = os.open('a', os.O_RDWR); os.pwrite(f, b'XY', 1); os.ftruncate(f, 2)"
        self.assertIn(b'abcd', self.outcomes(program, 'a', b'abcd'))
        self.assertIn(b'abcd', self.outcomes("open('a', 'w')", 'a', b'abcd'))

    def test_a_new_name_is_lost_until_its_folder_is_synced(self):
        program = "f = os.open('a', os.O_CREAT | os.O_WRONLY); os.write(f, b'x'); os.fsync(f)"
        self.assertEqual(self.outcomes(program, 'a'), {None, b'x'})

    def test_a_rename_is_lost_with_what_it_replaced_coming_back(self):
        program = ("f = os.open('b', os.O_CREAT | os.O_WRONLY); os.write(f, b'new'); os.fsync(f)\n"
                   "os.fsync(os.open('.', os.O_RDONLY)); os.rename('b', 'a')")
        self.assertEqual(self.outcomes(program, 'a', b'old'), {b'old', b'new'})
        synced = program + "; os.fsync(os.open('.', os.O_RDONLY))"
        self.assertEqual(self.outcomes(synced, 'a', b'old'), {b'new'})

    def test_a_deleted_file_may_come_back_whole(self):
        self.assertEqual(self.outcomes("os.unlink('a')", 'a', b'old'), {b'old', None})

    def test_sync_file_range_promises_nothing(self):
        program = ("import ctypes; f = os.open('a', os.O_WRONLY); os.write(f, b'z')\n"
                   "ctypes.CDLL(None).sync_file_range(f, ctypes.c_long(0), ctypes.c_long(0), 7)")
        self.assertEqual(self.outcomes(program, 'a', b'a'), {b'a', b'z'})

    def test_other_folders_are_left_alone(self):
        other = os.path.join(self.place.name, 'other')
        self.run_killed("open(%r, 'w').write('kept')" % other)
        with open(other) as f:
            self.assertEqual(f.read(), 'kept')


if __name__ == '__main__':
    unittest.main()
