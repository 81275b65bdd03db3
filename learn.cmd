@echo off
rem The course's front door on Windows: finds Python 3.9 or later, and hands over to scripts\course.
setlocal
set "python=py -3"
py -3 -c "" >nul 2>nul || set "python=python"
%python% -c "" >nul 2>nul || goto missing
%python% -B "%~dp0scripts\course" %*
exit /b %errorlevel%
:missing
echo learn: install Python 3.9 or later: winget install Python.Python.3.12 1>&2
exit /b 2
